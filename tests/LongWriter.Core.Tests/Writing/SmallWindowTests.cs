using System.Globalization;
using System.Text.RegularExpressions;
using LongWriter.Testing;
using LongWriter.Writing;
using static LongWriter.Core.Tests.Writing.WriterRuns;

namespace LongWriter.Core.Tests.Writing;

/// <summary>100,000 words through a window of 2,000 tokens: no call ever sees more than fits.</summary>
public sealed partial class SmallWindowTests
{
    private const int Window = 2_000;

    private static readonly AgentWriterOptions Options = new() { SingleSectionWords = 0 };

    [Theory]
    [InlineData(ContextLayout.Conversation)]
    [InlineData(ContextLayout.SinglePrompt)]
    public async Task WriteAsync_HundredThousandWordsByAUsersPlan_FitsEveryCall(ContextLayout layout)
    {
        WritingRequest request = Planned([.. Enumerable.Repeat(500, 200)]);

        WrittenDocument document = await WriteAsync(request, Options with { Context = layout }, call => new PlayedReply(WriterScript.Section(call)));

        Assert.Equal(200, document.Sections.Count);
        Assert.Contains(document.Notes, note => note is { Kind: WritingNoteKind.ContextDropped, SectionIndex: 199 });
        Assert.DoesNotContain(document.Notes, note => note is { Kind: WritingNoteKind.ContextDropped, SectionIndex: 0 } && note.Message.Contains("text", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WriteAsync_HundredThousandWordsByAModelsPlan_ContinuesThePlanUntilItIsWhole()
    {
        string[] lines = WriterScript.Plan(200, 500).Split('\n');

        WrittenDocument document = await WriteAsync(Story, Options, call =>
        {
            if (!WriterScript.IsPlanning(call))
            {
                return new PlayedReply(WriterScript.Section(call));
            }

            Match next = From().Match(call.LastText);
            int start = next.Success ? int.Parse(next.Groups[1].Value, CultureInfo.InvariantCulture) - 1 : 0;
            int room = Window - WordTokens.Count(call.Messages);
            int count = 0;
            while (start + count < 200 && (room -= WordTokens.Count(lines[start + count])) > 0)
            {
                count++;
            }

            bool isWhole = start + count == 200;
            return new PlayedReply(string.Join('\n', lines[start..(start + count)]) + (isWhole ? "" : "\n" + lines[start + count][..15]), isWhole ? "stop" : "length");
        });

        Assert.Equal(PlanOrigin.Model, document.Planning!.Origin);
        Assert.InRange(document.Planning.Usage.Calls, 2, 20);
        Assert.Equal("point number 200", document.Planning.Plan.Sections[199].MainPoint);
    }

    [Fact]
    public async Task WriteAsync_HundredThousandWordsWithoutAUsablePlan_WritesByAnEvenOne()
    {
        string useless = string.Join(' ', Enumerable.Repeat("I shall ponder this for a while.", 60));

        WrittenDocument document = await WriteAsync(
            Story, Options, call => new PlayedReply(WriterScript.IsPlanning(call) ? useless : WriterScript.Section(call)));

        Assert.Equal(PlanOrigin.Even, document.Planning!.Origin);
    }

    private static WritingRequest Story { get; } = new() { Instruction = "Write a 100,000-word novel about a lighthouse." };

    private static async Task<WrittenDocument> WriteAsync(WritingRequest request, AgentWriterOptions options, Func<ScriptedCall, PlayedReply> reply)
    {
        using var client = Client(call =>
        {
            PlayedReply played = reply(call);
            int prompt = WordTokens.Count(call.Messages), answer = WordTokens.Count(played.Text);
            Assert.True(prompt + (WriterScript.IsPlanning(call) ? 100 : answer) <= Window, $"Call {call.Number}: {prompt} tokens of prompt, {answer} of reply.");
            return played;
        });
        client.With<ITokenCounter>(new WordTokens(Window));

        WrittenDocument document = await new AgentWriter(client, options).WriteAsync(request, null, Stop);

        Assert.Null(document.Failure);
        Assert.Equal(EndCause.Stop, document.End);
        Assert.InRange(document.Words, 99_900, 100_100);
        return document;
    }

    [GeneratedRegex(@"from paragraph (\d+)")]
    private static partial Regex From();
}
