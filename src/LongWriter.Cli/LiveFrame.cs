using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;
using SpectreText = Spectre.Console.Text;

namespace LongWriter.Cli;

/// <summary>What the terminal shows: words against the target, the plan with a bar for each section, the latest text. Not safe for concurrent use.</summary>
internal sealed class LiveFrame(TimeProvider time)
{
    private const int MaxShownSections = 12;
    private const int TailLines = 3;

    /// <summary>Lines around the plan: totals, pace, the text with its frame, the note, one to spare.</summary>
    private const int OtherLines = TailLines + 6;

    /// <summary>Columns left free on the right, so that a "^C" that the terminal echoes does not break the line.</summary>
    private const int FreeColumns = 3;

    private readonly RunProgress progress = new(time);
    private readonly Dictionary<int, int> words = [];
    private readonly StringBuilder draft = new();
    private string note = "";

    public void Add(WritingUpdate update)
    {
        progress.Add(update);
        switch (update)
        {
            case SectionStarted:
                draft.Clear();
                break;
            case TextDrafted text:
                draft.Append(text.Text);
                break;
            case TextRetracted text:
                draft.Length -= text.CharCount;
                break;
            case SectionAccepted { Section: var section }:
                words[section.Index] = section.Words;
                break;
            case PlanRevised revised:
                note = revised.Reason;
                break;
            case DocumentEnded { Length: { } length }:
                note = ProgressText.Length(length);
                break;
            case WritingNoted { Kind: not WritingNoteKind.ContextDropped } noted:
                note = noted.SectionIndex is { } index ? FormattableString.Invariant($"Section {index + 1}: {noted.Message}") : noted.Message;
                break;
        }
    }

    public IRenderable Render(int terminalWidth, int height)
    {
        int width = terminalWidth - FreeColumns;
        if (progress.Planning is not { } planning)
        {
            return new Rows(
                new SpectreText($"Planning …  {ProgressText.Duration(progress.Elapsed)}"),
                new SpectreText(CellText.Head(note, width), Color.Grey));
        }

        int cells = width >= 72 ? 24 : 10;
        return new Rows(
            Totals(planning, cells),
            new SpectreText(Pace(planning)),
            Sections(planning.Plan, width, height, cells),
            new Panel(new SpectreText(Tail(width - 4))) { Border = BoxBorder.Rounded, Width = width },
            new SpectreText(CellText.Head(note, width), Color.Grey));
    }

    private Markup Totals(PlanningResult planning, int cells)
    {
        int total = progress.AcceptedWords + progress.CurrentWords;
        return new Markup($"{Bar(total, planning.Plan.TotalWords, cells, "blue")} [bold]{total}[/] of {Markup.Escape(planning.Target.ToString())}");
    }

    private string Pace(PlanningResult planning)
    {
        List<string> facts =
        [
            FormattableString.Invariant($"Section {Math.Max(0, progress.CurrentSection) + 1} of {planning.Plan.Sections.Count}"),
            ProgressText.Duration(progress.Elapsed),
        ];
        facts.AddRange(progress.TokensPerSecond is { } rate ? [ProgressText.Tokens(rate)] : []);
        facts.AddRange(progress.TimeLeft is { TotalSeconds: >= 0.5 } left ? [$"about {ProgressText.Duration(left)} left"] : []);
        return string.Join(" · ", facts);
    }

    private Grid Sections(WritingPlan plan, int width, int height, int cells)
    {
        int count = plan.Sections.Count;
        int shown = Math.Min(count, Math.Clamp(height - OtherLines, 3, MaxShownSections));
        int first = Math.Clamp(progress.CurrentSection - (shown / 2), 0, count - shown);
        int numberCells = FormattableString.Invariant($"{count}").Length;
        int budgetCells = 2 * FormattableString.Invariant($"{plan.Sections.Max(section => section.Words)}").Length + 2;
        int pointCells = Math.Max(8, width - numberCells - cells - budgetCells - 4);
        Grid grid = new Grid { Expand = false }
            .AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 1, 0), Width = numberCells, Alignment = Justify.Right })
            .AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 1, 0), Width = cells })
            .AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 1, 0), Width = budgetCells, Alignment = Justify.Right })
            .AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 0, 0), Width = pointCells });
        for (int index = first; index < first + shown; index++)
        {
            PlannedSection section = plan.Sections[index];
            bool isDone = words.TryGetValue(index, out int written);
            int now = isDone ? written : index == progress.CurrentSection ? progress.CurrentWords : 0;
            grid.AddRow(
                new SpectreText(FormattableString.Invariant($"{index + 1}")),
                new Markup(Bar(isDone ? section.Words : Math.Min(now, section.Words - 1), section.Words, cells, isDone ? "green" : "yellow")),
                new SpectreText(FormattableString.Invariant($"{now}/{section.Words}")),
                new SpectreText(CellText.Head(section.Heading ?? section.MainPoint, pointCells)));
        }

        return grid;
    }

    /// <summary>The last lines of the section, always as many, so that the frame keeps its height.</summary>
    private string Tail(int cells)
    {
        List<string> lines = CellText.Wrap(draft.ToString(), cells);
        IEnumerable<string> last = lines.Skip(Math.Max(0, lines.Count - TailLines));
        return string.Join('\n', last.Concat(Enumerable.Repeat(" ", Math.Max(0, TailLines - lines.Count))));
    }

    private static string Bar(int done, int all, int cells, string color)
    {
        int filled = Math.Clamp((int)((long)cells * done / Math.Max(1, all)), 0, cells);
        return $"[{color}]{new string('━', filled)}[/][grey]{new string('─', cells - filled)}[/]";
    }
}
