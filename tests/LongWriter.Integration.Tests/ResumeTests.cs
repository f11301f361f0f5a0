using LongWriter.Writing;

namespace LongWriter.Integration.Tests;

/// <summary>A run with the embedded model that is interrupted, and goes on in what could be another process: new client, journal from its file.</summary>
[Collection(nameof(LocalModel))]
public sealed class ResumeTests(LocalModel model)
{
    private const int Sections = 5;

    /// <summary>The call in whose middle the run is broken off.</summary>
    private const int BrokenCall = 3;

    private static readonly WritingRequest Request = Documents.Planned(Sections, words: 160, seed: 9_000);

    [Fact]
    public async Task ResumeStreamingAsync_StoppedInTheThirdSection_FinishesAndRepeatsNoCompletedCall()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("longwriter-");
        try
        {
            (MeteredChatClient first, List<WrittenSection> accepted) = await InterruptAsync(folder.FullName);
            Assert.Equal(BrokenCall - 1, accepted.Count);

            using MeteredChatClient second = model.Open();
            await using FileWritingJournal journal = FileWritingJournal.Open(folder.FullName);
            WrittenDocument document = await Writer(second).ResumeStreamingAsync(journal, null, Documents.Stop).ToWrittenDocumentAsync(Documents.Stop);

            Assert.Null(document.Failure);
            Assert.Equal(Sections, document.Sections.Count);
            Assert.Equal(accepted.Select(section => section.Text), document.Sections.Take(accepted.Count).Select(section => section.Text));
            Assert.Equal([true, true, false, false, false], document.Sections.Select(section => section.Restored));
            Assert.Empty(first.Ended.Select(call => call.Seed).Intersect(second.Begun));
            Assert.Equal(first.Begun[^1], second.Begun[0]);
            Assert.Equal(document.Text, (await JournaledDocument.ReadAsync(journal, Documents.Stop)).Text);

            // What the first process had computed was kept beside the journal: only the new question is read, and the text goes on as if nothing had happened.
            MeteredCall resumed = second.Ended[0];
            Assert.InRange(resumed.InputTokens - resumed.CachedInputTokens, 1, 60);
            Assert.True(resumed.CachedInputTokens > 400, $"{resumed}");
            using MeteredChatClient undisturbed = model.Open();
            Assert.Equal((await Writer(undisturbed).WriteAsync(Request, null, Documents.Stop)).Text, document.Text);
            Assert.False(File.Exists(Path.Combine(folder.FullName, "trunk.kv")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<(MeteredChatClient Client, List<WrittenSection> Accepted)> InterruptAsync(string folder)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Documents.Stop);
        using MeteredChatClient client = model.Open();
        client.BeforeUpdate = (call, update) =>
        {
            if (call == BrokenCall && update == 10)
            {
                cancel.Cancel();
            }
        };

        List<WrittenSection> accepted = [];
        await using FileWritingJournal journal = FileWritingJournal.Open(folder);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (WritingUpdate update in Writer(client).WriteStreamingAsync(Request, journal, cancel.Token))
            {
                if (update is SectionAccepted { Section: var section })
                {
                    accepted.Add(section);
                }
            }
        });
        return (client, accepted);
    }

    private static AgentWriter Writer(MeteredChatClient client) => new(client, Documents.Options());
}
