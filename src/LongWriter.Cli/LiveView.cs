using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using SpectreText = Spectre.Console.Text;

namespace LongWriter.Cli;

/// <summary>The terminal view: the plan with a bar for each section, the totals, and the latest text.</summary>
internal sealed class LiveView : IWritingView
{
    private const int ShownSections = 12;
    private const int BarCells = 24;
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromMilliseconds(100);

    private readonly IAnsiConsole terminal;
    private readonly TimeProvider time;
    private readonly RunProgress progress;
    private readonly Dictionary<int, int> words = [];
    private readonly TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private readonly Task display;
    private string tail = "";
    private string note = "";
    private long lastRefresh;
    private LiveDisplayContext? context;

    public LiveView(IAnsiConsole terminal, TimeProvider time)
    {
        (this.terminal, this.time) = (terminal, time);
        progress = new RunProgress(time);
        display = terminal.Live(Render()).AutoClear(false).StartAsync(async live =>
        {
            context = live;
            await finished.Task.ConfigureAwait(false);
            lock (gate)
            {
                live.UpdateTarget(Render());
            }
        });
    }

    public void Show(WritingUpdate update)
    {
        lock (gate)
        {
            progress.Add(update);
            switch (update)
            {
                case SectionStarted:
                    tail = "";
                    break;
                case TextDrafted text:
                    tail = Last(tail + text.Text, 400);
                    break;
                case TextRetracted text:
                    tail = tail[..Math.Max(0, tail.Length - text.CharCount)];
                    break;
                case SectionAccepted { Section: var section }:
                    words[section.Index] = section.Words;
                    break;
                case WritingNoted noted:
                    note = noted.Message;
                    break;
            }

            if (update is not TextDrafted || time.GetElapsedTime(lastRefresh) > RefreshEvery)
            {
                lastRefresh = time.GetTimestamp();
                context?.UpdateTarget(Render());
            }
        }
    }

    public void Dispose()
    {
        finished.TrySetResult();
        display.Wait();
    }

    private Rows Render()
    {
        if (progress.Planning is not { } planning)
        {
            return new Rows(new Markup("[grey]Planning …[/]"), new SpectreText(note));
        }

        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("", "", "", "");
        int count = planning.Plan.Sections.Count;
        int first = Math.Clamp(progress.CurrentSection - (ShownSections / 2), 0, Math.Max(0, count - ShownSections));
        for (int index = first; index < Math.Min(count, first + ShownSections); index++)
        {
            table.AddRow(Row(planning.Plan.Sections[index], index));
        }

        string speed = progress.TokensPerSecond is { } rate ? $"{rate.ToString("0", CultureInfo.InvariantCulture)} tokens/s" : "";
        string left = progress.TimeLeft is { } rest ? $"about {rest.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)} left" : "";
        int total = progress.AcceptedWords + progress.CurrentWords;
        return new Rows(
            new Markup($"[bold]{total}[/] of {Markup.Escape(planning.Target.ToString())}   section {Math.Max(0, progress.CurrentSection) + 1} of {count}   {progress.Elapsed.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)}   {speed}   {left}"),
            table,
            new Panel(new SpectreText(Last(tail, 320))).Border(BoxBorder.Rounded).Expand(),
            new SpectreText(note, new Style(Color.Grey)));
    }

    private IRenderable[] Row(PlannedSection section, int index)
    {
        bool done = words.TryGetValue(index, out int written);
        int now = done ? written : index == progress.CurrentSection ? progress.CurrentWords : 0;
        int filled = Math.Clamp((int)Math.Round((double)BarCells * now / section.Words), 0, BarCells);
        string color = done ? "green" : now > 0 ? "yellow" : "grey";
        string point = section.Heading ?? section.MainPoint;
        return
        [
            new SpectreText($"{index + 1}"),
            new Markup($"[{color}]{new string('━', filled)}[/][grey]{new string('─', BarCells - filled)}[/]"),
            new SpectreText($"{now}/{section.Words}"),
            new SpectreText(point.Length > 60 ? point[..60] + "…" : point),
        ];
    }

    private static string Last(string text, int chars) => text.Length <= chars ? text : text[^chars..];
}
