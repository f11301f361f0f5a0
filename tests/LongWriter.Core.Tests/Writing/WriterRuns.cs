using System.Runtime.CompilerServices;
using LongWriter.Testing;
using LongWriter.Writing;
using Microsoft.Extensions.AI;

namespace LongWriter.Core.Tests.Writing;

/// <summary>A reply to play: its text and how it ends. The finish "throw" is a call that fails.</summary>
internal sealed record PlayedReply(string Text, string Finish = "stop");

/// <summary>What the tests of the pipeline share: requests, clients that play replies, and a reader that folds by hand.</summary>
internal static class WriterRuns
{
    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>For tests of what is not about lengths: what the model gives is taken.</summary>
    public static AgentWriterOptions OpenLoop { get; } = new() { Length = LengthControl.Open };

    /// <summary>A request with a plan of sections of these words, so that no planning call is made.</summary>
    public static WritingRequest Planned(params int[] words) => new()
    {
        Instruction = "Write a story about a lighthouse.",
        Plan = new WritingPlan([.. words.Select((count, i) => new PlannedSection($"point number {i + 1}", count))]),
    };

    /// <summary>Plays replies in the order of the calls; every call after the last gets the last again.</summary>
    public static ScriptedChatClient Client(params PlayedReply[] replies) =>
        new((call, _) => Play(replies[Math.Min(call.Number, replies.Length - 1)]));

    /// <summary>Plays the reply that a function chooses.</summary>
    public static ScriptedChatClient Client(Func<ScriptedCall, PlayedReply> choose) => new((call, _) => Play(choose(call)));

    public static IAsyncEnumerable<ChatResponseUpdate> Play(PlayedReply reply) => reply.Finish == "throw"
        ? Fail(reply.Text)
        : ScriptedChatClient.Stream(reply.Text, new ChatFinishReason(reply.Finish));

    public static async Task<List<WritingUpdate>> CollectAsync(this IAsyncEnumerable<WritingUpdate> updates)
    {
        var all = new List<WritingUpdate>();
        await foreach (WritingUpdate update in updates)
        {
            all.Add(update);
        }

        return all;
    }

    /// <summary>What a reader that only appends and retracts holds in the end; checks the invariant of updates on the way.</summary>
    public static IReadOnlyList<string> FoldByHand(IEnumerable<WritingUpdate> updates)
    {
        var accepted = new List<string>();
        string draft = "";
        foreach (WritingUpdate update in updates)
        {
            switch (update)
            {
                case SectionStarted:
                    Assert.Equal("", draft);
                    break;
                case TextDrafted drafted:
                    Assert.NotEqual("", drafted.Text);
                    draft += drafted.Text;
                    break;
                case TextRetracted retracted:
                    Assert.InRange(retracted.CharCount, 1, draft.Length);
                    draft = draft[..^retracted.CharCount];
                    break;
                case SectionAccepted { Section: var section }:
                    Assert.Equal(draft, section.Text);
                    Assert.Equal(draft.Trim(), draft);
                    accepted.Add(draft);
                    draft = "";
                    break;
                case DocumentEnded:
                    Assert.Equal("", draft);
                    break;
            }
        }

        return accepted;
    }

    public static IEnumerable<string> Messages(this IEnumerable<WritingNoted> notes, WritingNoteKind kind) =>
        notes.Where(note => note.Kind == kind).Select(note => note.Message);

    private static async IAsyncEnumerable<ChatResponseUpdate> Fail(string text, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        cancellationToken.ThrowIfCancellationRequested();
        yield return new ChatResponseUpdate(ChatRole.Assistant, text);
        throw new ModelCallException("The line is down.", isTransient: false);
    }
}

/// <summary>Counts 1.3 tokens for a word, rounded up; a model with a small window.</summary>
internal sealed class WordTokens(int window) : ITokenCounter
{
    public int ContextWindowTokens => window;

    public int CountTokens(string text) => Count(text);

    public static int Count(string text) =>
        (int)Math.Ceiling(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length * 1.3);

    /// <summary>Tokens of a prompt with 4 for the template of each message.</summary>
    public static int Count(IEnumerable<ChatMessage> messages) => messages.Sum(message => Count(message.Text) + 4);
}

/// <summary>A client's promise to keep to a JSON schema.</summary>
internal sealed class SchemaSupport(bool supported) : IStructuredOutput
{
    public bool SupportsJsonSchema => supported;
}
