using LongWriter.Benchmarking;
using LongWriter.Calling;
using LongWriter.Testing;
using LongWriter.Writing;
using Microsoft.Extensions.AI;

namespace LongWriter.Core.Tests.Benchmarking;

/// <summary>What is put between a suite and a model.</summary>
public sealed class SubjectTests
{
    [Fact]
    public async Task ChatWrite_Prompt_IsOneUserMessageWithTheSeedAndNoLimit()
    {
        var client = new ScriptedChatClient(_ => "  Tea is good.\n");
        var subject = new ChatSubject(client, new ChatSubjectOptions { ChatOptions = new ChatOptions { Temperature = 0.5f, Seed = 99 } });
        SubjectReply reply = await subject.WriteAsync(Suites.Item("a", 300), 17, Suites.Stop);
        ScriptedCall call = Assert.Single(client.Calls);

        Assert.Equal(("Tea is good.", EndCause.Stop, null, 1), (reply.Text, reply.End, reply.Failure, reply.Usage.Calls));
        Assert.Empty(reply.Sections);
        Assert.Equal((ChatRole.User, "Write 300 words about tea"), (Assert.Single(call.Messages).Role, call.LastText));
        Assert.Equal((17L, 0.5f, null), (call.Options!.Seed, call.Options.Temperature, call.Options.MaxOutputTokens));
        Assert.Equal(("chat", "chat", "scripted"), (subject.Manifest.Name, subject.Manifest.Kind, subject.Manifest.Model));
        Assert.Equal(new KeyValuePair<string, string>("temperature", "0.5"), Assert.Single(subject.Manifest.Options));
    }

    [Theory]
    [InlineData("The lake lay still, and", "length", EndCause.Length, null)]
    [InlineData("", "stop", EndCause.Empty, "The reply is empty.")]
    [InlineData("I'm sorry, but I can't help with that.", "stop", EndCause.Refusal, "The model declined to write.")]
    [InlineData("The lake", "content_filter", EndCause.ContentFilter, "A content filter cut or withheld the text.")]
    [InlineData("The lake lay still", "repetition", EndCause.Repetition, null)]
    public async Task ChatWrite_EndsOtherwise_SaysHow(string text, string finish, EndCause end, string? failure)
    {
        var client = new ScriptedChatClient((_, _) => ScriptedChatClient.Stream(text, new ChatFinishReason(finish)));
        SubjectReply reply = await new ChatSubject(client).WriteAsync(Suites.Item("a", 300), 0, Suites.Stop);

        Assert.Equal((text, end, failure), (reply.Text, reply.End, reply.Failure));
    }

    [Fact]
    public async Task ChatWrite_CallFails_IsAReplyWithItsFailure()
    {
        var client = new ScriptedChatClient((_, _) => throw new ModelCallException("The line is down.", isTransient: true));
        var options = new ChatSubjectOptions { Calls = new ModelCallOptions { MaxAttempts = 2, BaseRetryDelay = TimeSpan.Zero } };
        SubjectReply reply = await new ChatSubject(client, options).WriteAsync(Suites.Item("a", 300), 0, Suites.Stop);

        Assert.Equal(("", EndCause.Error, "The call failed after 2 tries: The line is down."), (reply.Text, reply.End, reply.Failure));
        Assert.Equal(2, client.Calls.Count);
    }

    [Fact]
    public async Task AgentWrite_LongPrompt_PlansAndGivesSectionsAskedAndWritten()
    {
        var client = new ScriptedChatClient(StandInAuthor.Reply);
        AgentSubject subject = AgentSubject.Create(client);
        SubjectReply reply = await subject.WriteAsync(Suites.Item("a", 3_000), 17, Suites.Stop);

        Assert.Equal((EndCause.Stop, null), (reply.End, reply.Failure));
        Assert.Equal(3_000, reply.Sections.Sum(section => section.Asked), 100d); // each is asked for what the ones before it left
        Assert.Equal(WordCounter.Compatible.Count(reply.Text), reply.Sections.Sum(section => section.Written));
        Assert.InRange(reply.Sections.Sum(section => section.Written), 2_700, 3_300);
        Assert.Equal(client.Calls.Count, reply.Usage.Calls);
        Assert.Contains(17L, client.Calls.Select(call => call.Options!.Seed));
        Assert.Equal(("agent", "agent", "scripted"), (subject.Manifest.Name, subject.Manifest.Kind, subject.Manifest.Model));
        Assert.Equal(("1000", "Instruction"), (subject.Manifest.Options["maxSectionWords"], subject.Manifest.Options["length"]));
        Assert.Equal(subject.Manifest.Options.Keys.Order(StringComparer.Ordinal), subject.Manifest.Options.Keys);
    }

    [Fact]
    public async Task AgentWrite_LengthRequired_DoesNotReadTheInstruction()
    {
        BenchmarkItem item = Suites.Item("a", 300) with { RequiredWords = 500 };
        SubjectReply read = await AgentSubject.Create(new ScriptedChatClient(StandInAuthor.Reply)).WriteAsync(item, 1, Suites.Stop);
        SubjectReply required = await AgentSubject
            .Create(new ScriptedChatClient(StandInAuthor.Reply), options: new AgentSubjectOptions { Length = AgentLength.Required })
            .WriteAsync(item, 1, Suites.Stop);

        Assert.Equal((300, 500), (read.Sections.Sum(section => section.Asked), required.Sections.Sum(section => section.Asked)));
    }

    [Fact]
    public async Task AgentWrite_SectionFails_KeepsWhatWasWrittenAndSaysWhy()
    {
        var client = new ScriptedChatClient((call, _) => call.LastText.Contains("Paragraph 3 ", StringComparison.Ordinal) && call.Messages.Count > 1
            ? throw new ModelCallException("The line is down.", isTransient: false)
            : ScriptedChatClient.Stream(StandInAuthor.Reply(call)));
        SubjectReply reply = await AgentSubject.Create(client).WriteAsync(Suites.Item("a", 3_000), 17, Suites.Stop);

        Assert.Equal((EndCause.Error, 2), (reply.End, reply.Sections.Count));
        Assert.Equal("Section 3 could not be written. The call failed after 1 try: The line is down.", reply.Failure);
        Assert.NotEmpty(reply.Text);
    }

    [Fact]
    public void AgentCreate_EveryOptionThatShapesTexts_IsInTheManifest()
    {
        using var client = new ScriptedChatClient(_ => "");
        IReadOnlyDictionary<string, string> recorded = AgentSubject.Create(client, new AgentWriterOptions { RunningSummary = true }).Manifest.Options;

        // Options of the client and prompt files have names of their own; retries and time-outs do not shape a text.
        IEnumerable<string> names = typeof(AgentWriterOptions).GetProperties().Select(property => property.Name)
            .Except([nameof(AgentWriterOptions.ChatOptions), nameof(AgentWriterOptions.PromptFiles), nameof(AgentWriterOptions.Calls)]);
        Assert.All(names, name => Assert.Contains(char.ToLowerInvariant(name[0]) + name[1..], recorded.Keys));
    }

    [Fact]
    public void AgentCreate_OptionsOutOfRange_AreRefused()
    {
        using var client = new ScriptedChatClient(_ => "");

        Assert.Throws<ArgumentException>(() => AgentSubject.Create(client, new AgentWriterOptions { MinSectionWords = 1 }));
    }
}
