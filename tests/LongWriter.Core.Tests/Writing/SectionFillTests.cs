using LongWriter.Testing;
using LongWriter.Writing;

namespace LongWriter.Core.Tests.Writing;

/// <summary>Sections that a model ends too early or does not end in time.</summary>
public class SectionFillTests
{
    private static readonly WritingRequest Request = new()
    {
        Instruction = "Write a story.",
        Plan = new WritingPlan([new PlannedSection("one", 200), new PlannedSection("two", 200)]),
    };

    [Fact]
    public async Task Write_SectionsEndEarly_AreContinuedToTheirBudget()
    {
        using var client = new ScriptedChatClient(call => WriterScript.Prose(call.Number, 90));

        WrittenDocument document = await new AgentWriter(client, new AgentWriterOptions { MinSectionFill = 0.8 })
            .WriteAsync(Request, null, TestContext.Current.CancellationToken);

        Assert.Equal([180, 180], document.Sections.Select(section => section.Words));
        Assert.Equal(EndCause.Stop, document.End);
        Assert.Equal(4, client.Calls.Count);
        Assert.Equal("The section ended with 90 of 200 words.", document.Notes[0].Message);
    }

    [Fact]
    public async Task Write_SectionsEndEarlyByDefault_AreTakenAsTheyAre()
    {
        using var client = new ScriptedChatClient(call => WriterScript.Prose(call.Number, 90));

        WrittenDocument document = await new AgentWriter(client).WriteAsync(Request, null, TestContext.Current.CancellationToken);

        Assert.Equal([90, 90], document.Sections.Select(section => section.Words));
        Assert.Equal(2, client.Calls.Count);
    }

    [Fact]
    public async Task Write_ModelAddsNothing_StopsAsking()
    {
        using var client = new ScriptedChatClient(call => call.Number % 2 == 0 ? WriterScript.Prose(call.Number, 90) : "...");

        WrittenDocument document = await new AgentWriter(client, new AgentWriterOptions { MinSectionFill = 0.8, MaxContinuations = 3 })
            .WriteAsync(Request, null, TestContext.Current.CancellationToken);

        Assert.Equal(EndCause.Stop, document.End);
        Assert.InRange(client.Calls.Count, 4, 8);
    }

    [Fact]
    public async Task Write_ContinuationIsEmpty_KeepsWhatWasThereAndAsksAgain()
    {
        using var client = new ScriptedChatClient(call => call.Number is 1 or 2 ? "" : WriterScript.Prose(call.Number, 100));

        WrittenDocument document = await new AgentWriter(client, new AgentWriterOptions { MinSectionFill = 1 })
            .WriteAsync(Request, null, TestContext.Current.CancellationToken);

        Assert.Equal([200, 200], document.Sections.Select(section => section.Words));
        Assert.Equal(EndCause.Stop, document.End);
        Assert.Equal(6, client.Calls.Count);
        Assert.StartsWith(WriterScript.Prose(0, 100), document.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_PlanLinesInAShortSection_AreNotShownToItsContinuation()
    {
        using var client = new ScriptedChatClient(call => call.Number == 0
            ? "It began. Paragraph one said so.\nParagraph 2 - Main Point: two - Word Count: 200 words\nAnd it went on."
            : WriterScript.Prose(call.Number, 200));

        WrittenDocument document = await new AgentWriter(client, new AgentWriterOptions { MinSectionFill = 0.8 })
            .WriteAsync(Request, null, TestContext.Current.CancellationToken);

        Assert.Equal("It began. Paragraph one said so.\nAnd it went on.", client.Calls[1].Messages[1].Text.Trim());
        Assert.DoesNotContain("Main Point", document.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_SectionsRunOver_AreStoppedAtASentence()
    {
        using var client = new ScriptedChatClient(call => WriterScript.Prose(call.Number, 5_000));

        WrittenDocument document = await new AgentWriter(client, new AgentWriterOptions { MaxSectionFill = 1.1 })
            .WriteAsync(Request, null, TestContext.Current.CancellationToken);

        Assert.All(document.Sections, section => Assert.InRange(section.Words, 200, 250));
        Assert.All(document.Sections, section => Assert.EndsWith(".", section.Text, StringComparison.Ordinal));
        Assert.Equal(EndCause.Stop, document.End);
    }

    [Fact]
    public async Task Resume_AfterSectionsWereStopped_GivesTheSameWithoutCalls()
    {
        var journal = new MemoryWritingJournal();
        var options = new AgentWriterOptions { MaxSectionFill = 1.1, MinSectionFill = 0.9 };
        using var client = new ScriptedChatClient(call => WriterScript.Prose(call.Number, call.Number % 2 == 0 ? 5_000 : 90));
        WrittenDocument first = await new AgentWriter(client, options).WriteAsync(Request, journal, TestContext.Current.CancellationToken);
        using var silent = new ScriptedChatClient(call => throw new InvalidOperationException($"Call {call.Number} was made again."));

        WrittenDocument second = await new AgentWriter(silent, options)
            .ResumeStreamingAsync(journal, null, TestContext.Current.CancellationToken)
            .ToWrittenDocumentAsync(TestContext.Current.CancellationToken);

        Assert.Equal(first.Text, second.Text);
        Assert.Equal(first.End, second.End);
        Assert.Empty(silent.Calls);
    }

    [Fact]
    public void Validate_FillsOutOfRange_NamesBoth()
    {
        var options = new AgentWriterOptions { MinSectionFill = 1.5, MaxSectionFill = 0.5 };

        Assert.Equal(
            "AgentWriterOptions: MinSectionFill must be in [0, 1] but is 1.5. MaxSectionFill must be 0 or in [1, 10] but is 0.5.",
            Assert.Throws<ArgumentException>(options.Validate).Message);
    }
}
