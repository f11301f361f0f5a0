using LongWriter.Testing;
using LongWriter.Writing;
using static LongWriter.Core.Tests.Writing.WriterRuns;

namespace LongWriter.Core.Tests.Writing;

public sealed class JournalContentTests
{
    private const string Request = """{"type":"request","instruction":"Write.","headings":"Model"}""";

    [Theory]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{")]
    [InlineData("""{"type":"nope"}""")]
    [InlineData("""{"type":"request"}""")]
    [InlineData("""{"type":"request","instruction":null}""")]
    [InlineData("""{"type":"request","instruction":"  "}""")]
    [InlineData("""{"type":"request","instruction":"x","headings":77}""")]
    [InlineData("""{"type":"request","instruction":"x","length":{"kind":"Equal","minimum":0,"maximum":0,"unit":"Words","counter":"unicode"}}""")]
    [InlineData("""{"type":"request","instruction":"x","length":{"kind":"Equal","minimum":9,"maximum":9,"unit":"Words","counter":"mine"}}""")]
    [InlineData("""{"type":"request","instruction":"x","plan":{"title":null,"sections":[]}}""")]
    [InlineData("""{"type":"call","key":"a"}""")]
    [InlineData("""{"type":"section","index":-1,"text":"x","words":1,"end":"Stop","usage":{"inputTokens":0,"cachedInputTokens":0,"outputTokens":0,"calls":0}}""")]
    [InlineData("""{"type":"end","end":"Never","usage":{"inputTokens":0,"cachedInputTokens":0,"outputTokens":0,"calls":0}}""")]
    public async Task Read_CorruptRecord_IsRefusedByItsNumber(string record)
    {
        var journal = new MemoryWritingJournal();
        await journal.AppendAsync(Request, durable: true, Stop);
        await journal.AppendAsync(record, durable: true, Stop);
        using var client = new ScriptedChatClient(WriterScript.Reply);

        var read = await Assert.ThrowsAsync<JournalException>(() => JournaledDocument.ReadAsync(journal, Stop));
        var resumed = await Assert.ThrowsAsync<JournalException>(() => new AgentWriter(client).ResumeStreamingAsync(journal, null, Stop).CollectAsync());

        Assert.StartsWith("Journal record 2: expected ", read.Message, StringComparison.Ordinal);
        Assert.Equal(read.Message, resumed.Message);
        Assert.Empty(client.Calls);
    }

    [Fact]
    public async Task WriteStreamingAsync_JournalThatHoldsARun_IsRefused()
    {
        var journal = new MemoryWritingJournal();
        await journal.AppendAsync(Request, durable: true, Stop);
        using var client = new ScriptedChatClient(WriterScript.Reply);

        var thrown = await Assert.ThrowsAsync<JournalException>(() => new AgentWriter(client).WriteAsync(Planned(50), journal, Stop));

        Assert.Equal("The journal already holds a run; resume it, or use another folder for a new one.", thrown.Message);
    }

    [Fact]
    public async Task ResumeStreamingAsync_EmptyJournal_IsRefused()
    {
        using var client = new ScriptedChatClient(WriterScript.Reply);

        var thrown = await Assert.ThrowsAsync<JournalException>(
            () => new AgentWriter(client).ResumeStreamingAsync(new MemoryWritingJournal(), null, Stop).CollectAsync());

        Assert.Equal("The journal holds no request, so there is nothing to resume.", thrown.Message);
    }

    [Fact]
    public async Task ResumeStreamingAsync_EveryFieldOfARequest_ComesBack()
    {
        WritingRequest request = Planned(50, 60) with
        {
            Length = LengthTarget.Between(100, 110, LengthUnit.Characters, WordCounter.Compatible),
            SourceNotes = "notes\n\"quoted\"",
            Style = "terse",
            Language = "en",
            Audience = "sailors",
            Headings = HeadingRule.FromPlan,
            Seed = 5,
        };
        var journal = new MemoryWritingJournal();
        using var client = new ScriptedChatClient(WriterScript.Section);
        await new AgentWriter(client).WriteAsync(request, journal, Stop);
        WritingRequest? seen = null;

        await new AgentWriter(client).ResumeStreamingAsync(journal, found => seen = found, Stop).CollectAsync();

        Assert.Equal(request, seen);
        Assert.Equal(2, client.Calls.Count);
    }
}
