namespace LongWriter.Cli.Tests;

/// <summary>A journal that ends anywhere, as a dying process or machine leaves it, under the whole tool.</summary>
public sealed class TornJournalTests
{
    private const string Journal = "book.md.journal/journal.jsonl";

    [Fact]
    public async Task Resume_CutAnywhereInTheLastTwoRecords_GivesTheSameDocumentWithoutAnyCall()
    {
        await using ToolRun run = await FinishedAsync();
        byte[] whole = await File.ReadAllBytesAsync(run.PathTo(Journal), TestContext.Current.CancellationToken);
        string document = run.Read("book.md");
        int[] lines = LineStarts(whole);
        int calls = run.Server.Requests.Count;
        for (int length = lines[^2]; length <= whole.Length; length++)
        {
            ToolResult result = await ResumeAsync(run, whole.AsMemory(0, length));
            Assert.True(result.Code == 0 && run.Read("book.md") == document, $"cut at {length} of {whole.Length}: {result}");
        }

        Assert.Equal(calls, run.Server.Requests.Count);
    }

    [Fact]
    public async Task Resume_CutBetweenAnyTwoRecords_AsksOnlyForWhatIsMissing()
    {
        await using ToolRun run = await FinishedAsync();
        byte[] whole = await File.ReadAllBytesAsync(run.PathTo(Journal), TestContext.Current.CancellationToken);
        string document = run.Read("book.md");
        string[] records = run.Read(Journal).TrimEnd('\n').Split('\n');
        int[] starts = LineStarts(whole);

        // The header and the request must be there; without them there is no run.
        for (int kept = 2; kept <= records.Length; kept++)
        {
            int calls = run.Server.Requests.Count;
            ToolResult result = await ResumeAsync(run, whole.AsMemory(0, kept == records.Length ? whole.Length : starts[kept]));
            int missing = records.Skip(kept).Count(record => record.Contains("\"type\":\"call\"", StringComparison.Ordinal));
            Assert.True(result.Code == 0 && run.Read("book.md") == document, $"{kept} lines: {result}");
            Assert.Equal(missing, run.Server.Requests.Count - calls);
        }
    }

    /// <summary>A finished document of two short sections.</summary>
    private static async Task<ToolRun> FinishedAsync()
    {
        ToolRun run = await ToolRun.StartAsync();
        run.Write("plan.txt", "Paragraph 1 - Main Point: Tea - Word Count: 30 words\nParagraph 2 - Main Point: Cups - Word Count: 30 words\n");
        Assert.Equal(0, (await run.WriteAsync("Write about tea", "--plan", run.PathTo("plan.txt"))).Code);
        return run;
    }

    private static async Task<ToolResult> ResumeAsync(ToolRun run, ReadOnlyMemory<byte> journal)
    {
        await File.WriteAllBytesAsync(run.PathTo(Journal), journal);
        File.Delete(run.PathTo("book.md"));
        return await run.WriteAsync("--resume");
    }

    private static int[] LineStarts(byte[] text) => [.. Enumerable.Range(0, text.Length).Where(i => i == 0 || text[i - 1] == '\n')];
}
