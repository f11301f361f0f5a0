using LongWriter.Testing;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LongWriter.Cli.Tests;

/// <summary>What a user sees while a document is written.</summary>
public sealed class ViewTests
{
    private static readonly WritingPlan Plan = new(
    [
        new PlannedSection("The crew leaves the harbour and loses sight of land", 400) { Heading = "Departure" },
        new PlannedSection("A storm takes the mast, and nobody agrees on whom to blame for it when the morning comes", 600),
        new PlannedSection("第三段：他们回到了港口", 200),
    ]);

    [Fact]
    public void PlainView_Run_HasALineForEachThing()
    {
        var time = new ManualTimeProvider();
        using var output = new StringWriter { NewLine = "\n" };
        using var view = new PlainView(output, time);
        Play(time, view.Show);

        Assert.Equal(
            """
            Plan: 3 sections, 1200 of 1200 words, made by the model.
            [1/3] 410 of 400 words, 410 in all, 0:00:10, 60 tokens/s, about 0:00:19 left: Departure
            Section 2: The server did not answer.
            [2/3] 590 of 600 words, 1000 in all, ended with Length, 0:01:05, 22 tokens/s, about 0:00:13 left: A storm takes the mast, and nobody agrees on whom to blame…
            [3/3] 200 of 200 words, 1200 in all, from the journal: 第三段：他们回到了港口
            Length: 1,200 of 1200 words (0.0 %), met.
            4 calls, 900 input tokens (500 cached), 1500 output tokens, 30 of them discarded; 0:01:05

            """,
            output.ToString());
    }

    [Fact]
    public void LiveFrame_BeforeThePlan_SaysThatItIsBeingMade()
    {
        var time = new ManualTimeProvider();
        var frame = new LiveFrame(time);
        time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal("Planning …  0:00:03\n", Draw(frame.Render(80, 24), 80));
    }

    [Fact]
    public void LiveFrame_InTheSecondSection_ShowsPlanWordsSpeedAndTimeLeft()
    {
        var time = new ManualTimeProvider();
        var frame = new LiveFrame(time);
        Play(time, frame.Add, until: update => update is TextDrafted { SectionIndex: 1 });

        Assert.Equal(
            """
            ━━━━━━━━━━━━━━────────── 710 of 1200 words
            Section 2 of 3 · 0:01:05 · 16 tokens/s · about 0:00:44 left
            1 ━━━━━━━━━━━━━━━━━━━━━━━━  410/400 Departure
            2 ━━━━━━━━━━━━────────────  300/600 A storm takes the mast, and nobody agre…
            3 ────────────────────────    0/200 第三段：他们回到了港口
            ╭───────────────────────────────────────────────────────────────────────────╮
            │ wave wave wave wave wave wave wave wave wave wave wave wave wave wave     │
            │ wave wave wave wave wave wave wave wave wave wave wave wave wave wave     │
            │ wave wave wave wave wave wave                                             │
            ╰───────────────────────────────────────────────────────────────────────────╯
            Section 2: The server did not answer.

            """,
            Draw(frame.Render(80, 24), 80));
    }

    [Theory]
    [InlineData(200, 60)]
    [InlineData(80, 24)]
    [InlineData(40, 12)]
    public void LiveFrame_LongPlan_FitsTheTerminal(int width, int height)
    {
        var time = new ManualTimeProvider();
        var frame = new LiveFrame(time);
        PlannedSection[] sections = [.. Enumerable.Range(1, 2_000).Select(number => new PlannedSection($"Point {number} 要点 " + new string('x', 100), 500))];
        frame.Add(new PlanReady(new PlanningResult(new WritingPlan(sections), PlanOrigin.Model, LengthTarget.Equal(1_000_000), default, []), false));
        frame.Add(new SectionStarted(1_000, sections[1_000]));
        frame.Add(new TextDrafted(1_000, "[not markup] " + new string('字', 500)));
        string[] lines = Draw(frame.Render(width, height), width).TrimEnd('\n').Split('\n');

        Assert.True(lines.Length < height);
        Assert.All(lines, line => Assert.True(line.GetCellWidth() <= width - 3));
        Assert.Contains(lines, line => line.StartsWith("1001 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LiveView_WholeRun_EndsWithTheFullBarAndGivesTheCursorBack()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        using var screen = new StringWriter();
        using var error = new StringWriter();
        IAnsiConsole terminal = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(screen),
        });
        var host = new ToolHost(error, error, terminal) { Time = run.Time, DefaultModel = new ModelChoice("openai:stand-in", run.Server.Endpoint) };
        int code = await Tool.RunAsync(["write", "Write a 1500-word story", "--out", run.PathTo("book.md")], host, CancellationToken.None);
        string shown = screen.ToString().Replace("\u001b[1m", "", StringComparison.Ordinal).Replace("\u001b[0m", "", StringComparison.Ordinal);
        int words = WordCounter.Unicode.Count(run.Read("book.md"));

        Assert.Equal(0, code);
        Assert.Contains($"{words} of 1500 words", shown, StringComparison.Ordinal);
        Assert.True(shown.LastIndexOf("\u001b[?25h", StringComparison.Ordinal) > shown.LastIndexOf($"{words} of 1500 words", StringComparison.Ordinal));
        Assert.Equal($"Wrote {run.PathTo("book.md")}\n", error.ToString().Replace("\r", "", StringComparison.Ordinal));
    }

    /// <summary>A run of three sections: one written, one that is retried and stays cut, one from the journal.</summary>
    private static void Play(ManualTimeProvider time, Action<WritingUpdate> show, Func<WritingUpdate, bool>? until = null)
    {
        var usage = new TokenUsage(900, 500, 1_500, 4);
        (double Seconds, WritingUpdate Update)[] script =
        [
            (0, new PlanReady(new PlanningResult(Plan, PlanOrigin.Model, LengthTarget.Equal(1_200), default, []), Restored: false)),
            (0, new SectionStarted(0, Plan.Sections[0])),
            (10, new SectionAccepted(Written(0, 410, 600, EndCause.Stop))),
            (0, new SectionStarted(1, Plan.Sections[1])),
            (5, new WritingNoted(WritingNoteKind.CallRetried, 1, "The server did not answer.")),
            (0, new WritingNoted(WritingNoteKind.ContextDropped, 1, "Happens all the time in a long document, so no view shows it.")),
            (50, new TextDrafted(1, string.Concat(Enumerable.Repeat("wave  ", 300)))),
            (0, new SectionAccepted(Written(1, 590, 800, EndCause.Length))),
            (0, new SectionStarted(2, Plan.Sections[2])),
            (0, new SectionAccepted(Written(2, 200, 100, EndCause.Stop) with { Restored = true })),
            (0, new DocumentEnded(EndCause.Length, usage, null) { Length = new LengthOutcome(LengthTarget.Equal(1_200), 1_200) }),
        ];
        foreach ((double seconds, WritingUpdate update) in script)
        {
            time.Advance(TimeSpan.FromSeconds(seconds));
            show(update);
            if (until?.Invoke(update) == true)
            {
                return;
            }
        }
    }

    private static WrittenSection Written(int index, int words, int tokens, EndCause end) => new()
    {
        Index = index,
        Planned = Plan.Sections[index],
        Text = "text",
        Words = words,
        AimedWords = Plan.Sections[index].Words,
        DiscardedTokens = 10,
        End = end,
        Usage = new TokenUsage(0, 0, tokens, 1),
    };

    private static string Draw(IRenderable frame, int width)
    {
        using var output = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        console.Write(frame);
        return string.Join('\n', output.ToString().Split('\n').Select(line => line.TrimEnd())).TrimEnd('\n') + "\n";
    }
}
