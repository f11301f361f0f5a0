using LongWriter.Testing;
using LongWriter.Writing;
using Microsoft.Extensions.AI;
using static LongWriter.Core.Tests.Writing.WriterRuns;

namespace LongWriter.Core.Tests.Writing;

/// <summary>What a client computed for a document is kept beside its journal, and never stands in the way.</summary>
public sealed class TrunkTests
{
    private static readonly WritingRequest Request = Planned(60, 60, 60) with { Seed = 5 };

    [Fact]
    public async Task WriteAsync_JournalInAFolder_SavesTheConversationOfEachSectionAndForgetsItInTheEnd()
    {
        using var folder = new JournalFolder();
        var trunk = new RecordingTrunk();
        ScriptedChatClient client = Client(trunk);
        await using FileWritingJournal journal = FileWritingJournal.Open(folder.Directory);

        WrittenDocument document = await new AgentWriter(client, OpenLoop).WriteAsync(Request, journal, Stop);

        string path = Path.Combine(folder.Directory, "trunk.kv");
        Assert.Equal([$"restore {path}", $"save {path}", $"save {path}", $"save {path}"], trunk.Calls);
        Assert.Equal(document.Sections.Select(section => section.Text), trunk.Conversations.Select(messages => messages[^1].Text));
        Assert.Equal(client.Calls.Select(call => call.AllText), trunk.Conversations.Select(messages => string.Join("\n", messages.SkipLast(1).Select(message => message.Text))));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task ResumeStreamingAsync_InterruptedRun_RestoresOnceBeforeTheFirstCallThatIsMade()
    {
        using var folder = new JournalFolder();
        await using (FileWritingJournal journal = FileWritingJournal.Open(folder.Directory))
        {
            ScriptedChatClient failing = WriterRuns.Client(call => call.Number < 2 ? new PlayedReply(WriterScript.Section(call)) : new PlayedReply("down", "throw"))
                .With<IDocumentTrunk>(new RecordingTrunk());
            await new AgentWriter(failing, OpenLoop).WriteAsync(Request, journal, Stop);
        }

        Assert.True(File.Exists(Path.Combine(folder.Directory, "trunk.kv")));
        var trunk = new RecordingTrunk();
        ScriptedChatClient client = Client(trunk);
        await using FileWritingJournal reopened = FileWritingJournal.Open(folder.Directory);
        WrittenDocument document = await new AgentWriter(client, OpenLoop).ResumeStreamingAsync(reopened, null, Stop).ToWrittenDocumentAsync(Stop);

        Assert.Equal(3, document.Sections.Count);
        Assert.Single(client.Calls);
        Assert.StartsWith("restore", trunk.Calls[0], StringComparison.Ordinal);
        Assert.Single(trunk.Calls, call => call.StartsWith("restore", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("restore", 1)]
    [InlineData("save", 2)]
    [InlineData("save", 2, false)]
    public async Task WriteAsync_FileThatCannotBeUsed_GoesOnWithoutIt(string failing, int calls, bool isDisk = true)
    {
        using var folder = new JournalFolder();
        var trunk = new RecordingTrunk { Failing = failing, Failure = isDisk ? new IOException("The disk is full.") : new InvalidOperationException("The template refuses it.") };
        await using FileWritingJournal journal = FileWritingJournal.Open(folder.Directory);

        WrittenDocument document = await new AgentWriter(Client(trunk), OpenLoop).WriteAsync(Request, journal, Stop);

        Assert.Equal((EndCause.Stop, 3), (document.End, document.Sections.Count));
        Assert.Equal(calls, trunk.Calls.Count);
    }

    [Fact]
    public async Task WriteAsync_NoFolderOrSectionsAtTheSameTime_KeepsNothing()
    {
        var trunk = new RecordingTrunk();
        await new AgentWriter(Client(trunk), OpenLoop).WriteAsync(Request, new MemoryWritingJournal(), Stop);
        await new AgentWriter(Client(trunk), OpenLoop).WriteAsync(Request, null, Stop);
        using var folder = new JournalFolder();
        await using FileWritingJournal journal = FileWritingJournal.Open(folder.Directory);
        await new AgentWriter(Client(trunk), OpenLoop with { ParallelSections = 2 }).WriteAsync(Request, journal, Stop);

        Assert.Empty(trunk.Calls);
    }

    private static ScriptedChatClient Client(IDocumentTrunk trunk) => new ScriptedChatClient(WriterScript.Section).With(trunk);

    private sealed class RecordingTrunk : IDocumentTrunk
    {
        public List<string> Calls { get; } = [];

        public List<List<ChatMessage>> Conversations { get; } = [];

        public string? Failing { get; init; }

        public Exception Failure { get; init; } = new IOException();

        public async Task<int> SaveAsync(string path, IEnumerable<ChatMessage> conversation, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Note("save", path);
            Conversations.Add([.. conversation]);
            await File.WriteAllTextAsync(path, "kept", cancellationToken);
            return 1;
        }

        public Task<int> RestoreAsync(string path, CancellationToken cancellationToken = default)
        {
            Note("restore", path);
            return Task.FromResult(0);
        }

        private void Note(string action, string path)
        {
            Calls.Add($"{action} {path}");
            if (action == Failing)
            {
                throw Failure;
            }
        }
    }
}
