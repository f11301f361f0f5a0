using System.Globalization;

namespace LongWriter.Writing;

/// <summary>Decides which lines of an outline are the sections, and what is wrong with them.</summary>
internal sealed class PlanSteps
{
    // Of the paper's "200 to 1,000 words a paragraph": sub-steps this large are written on their own, a step this large is not written at once.
    private const int OwnSectionWords = 200;
    private const int WholeStepWords = 1_000;
    private const int MaxChapterChars = 80;

    private readonly List<PlannedSection> sections = [];
    private readonly List<PlanProblem> problems = [];
    private readonly List<PlanProblem> notes = [];
    private string? title;

    private PlanSteps()
    {
    }

    /// <summary>The sections found; more may be missing, see <see cref="Problems"/>.</summary>
    public IReadOnlyList<PlannedSection> Sections => sections;

    /// <summary>What is wrong.</summary>
    public IReadOnlyList<PlanProblem> Problems => problems;

    /// <summary>Reads the sections off an outline.</summary>
    /// <param name="outline">The outline.</param>
    /// <param name="rootsAreSteps">True where the form leaves no doubt that the roots are steps, as in JSON.</param>
    public static PlanSteps From(PlanOutline outline, bool rootsAreSteps = false)
    {
        PlanSteps steps = new() { title = outline.Title };
        foreach (PlanNode root in outline.Roots)
        {
            SumUp(root);
        }

        IReadOnlyList<PlanNode> outermost = steps.Unwrap(outline.Roots);
        if (outermost.Any(static node => node.Budget is not null))
        {
            steps.AddAll(outermost, chapter: "");
        }
        else
        {
            steps.BlameAll(outermost, rootsAreSteps);
        }

        return steps;
    }

    /// <summary>The plan if nothing is wrong.</summary>
    public PlanParseResult ToResult() => problems.Count == 0
        ? new PlanParseResult(new WritingPlan(sections) { Title = title }, [], notes)
        : new PlanParseResult(null, problems, notes);

    private static void SumUp(PlanNode node)
    {
        decimal sum = 0;
        bool any = false;
        foreach (PlanNode child in node.Children)
        {
            SumUp(child);
            any |= child.Budget is not null;
            sum += child.Budget ?? 0;
        }

        node.Budget = node.Words ?? (any ? sum : null);
    }

    /// <summary>Steps down through headings that hold the whole plan; the first that does not say "plan" is the title.</summary>
    private IReadOnlyList<PlanNode> Unwrap(IReadOnlyList<PlanNode> nodes)
    {
        while (Wrapper(nodes) is { } wrapper)
        {
            string text = wrapper.Heading ?? "";
            if (text.Length > 0 && !PlanChatter.IsPlanHeading(PlanPhrase.Fold(text)))
            {
                title ??= PlanLabels.Title(text, PlanPhrase.Fold(text)) is string labelled ? PlanPhrase.Clean(labelled) : text;
            }

            nodes = wrapper.Children;
        }

        return nodes;
    }

    private static PlanNode? Wrapper(IReadOnlyList<PlanNode> nodes)
    {
        PlanNode[] candidates = [.. nodes.Where(static node => node.Budget is not null).Take(2)];
        if (candidates.Length == 0)
        {
            // No budget anywhere: the heading over the steps is still no step.
            candidates = [.. nodes.Where(static node => node.Children.Count > 0).Take(2)];
            return candidates is [{ Line.Kind: PlanMarkerKind.Heading, Line.Ordinal: null, Children.Count: > 1 } outer] ? outer : null;
        }

        return candidates is [{ Line: { Kind: PlanMarkerKind.Heading, Ordinal: null } } single]
            && single.Children.Count(static child => child.Budget is not null) is int budgeted
            && (budgeted > 1 || (budgeted == 1 && single.Words is null && single.Children.First(static child => child.Budget is not null).Line.Kind <= PlanMarkerKind.Number))
            ? single
            : null;
    }

    private void AddAll(IReadOnlyList<PlanNode> siblings, string chapter)
    {
        HashSet<(PlanMarkerKind, int)> forms = [.. siblings.Where(static node => node.Budget is not null).Select(Form)];
        int lastBudgeted = siblings.Count - 1;
        while (lastBudgeted >= 0 && siblings[lastBudgeted].Budget is null)
        {
            lastBudgeted--;
        }

        bool isNumbered = siblings.Any(static node => node.Budget is not null && node.Line.Ordinal is not null);
        HashSet<string> said = [];
        int? previous = null;
        for (int i = 0; i < siblings.Count; i++)
        {
            PlanNode node = siblings[i];
            string text = node.Heading ?? node.Line.Text;
            if (node.Budget is null)
            {
                bool isStep = forms.Contains(Form(node)) && !PlanChatter.IsRemark(PlanPhrase.Fold(text));
                bool isAfter = i > lastBudgeted && (IsRewound(node, previous) || (text.Length > 0 && said.Contains(text)) || (isNumbered && node.Line.Ordinal is null));
                if (isAfter)
                {
                    // The model began to write: its headings repeat those of the plan, without counts.
                    return;
                }

                if (previous is null && sections.Count == 0 && i == 0 && IsLoneBoldLine(node))
                {
                    title ??= node.Heading;
                }
                else if (isStep)
                {
                    Blame(node, "The step has no word count; expected one such as \"Word Count: 400 words\".");
                }

                continue;
            }

            if (IsRewound(node, previous))
            {
                Note(node, string.Create(CultureInfo.InvariantCulture, $"The step has number {node.Line.Ordinal} after {previous}; the order of the lines counts."));
            }

            previous = node.Line.Ordinal ?? previous;
            said.Add(text);
            Add(node, chapter);
        }
    }

    private void Add(PlanNode node, string chapter)
    {
        PlanNode[] budgeted = [.. node.Children.Where(static child => child.Budget is not null)];
        decimal sum = budgeted.Sum(static child => child.Budget!.Value);
        bool areSections = budgeted.Any(static child => child.Line.Kind < PlanMarkerKind.Number)
            || (budgeted.Length > 1 && (sum > WholeStepWords || budgeted.All(static child => child.Budget >= OwnSectionWords)));
        if (budgeted.Length > 0 && node.Words is decimal own && own != sum && (areSections || budgeted.Length > 1))
        {
            string counts = areSections ? "the parts count" : "the step counts";
            Note(node, string.Create(CultureInfo.InvariantCulture, $"The step says {own} words and its parts {sum}; {counts}."));
        }

        if (areSections)
        {
            string text = node.MainPoint ?? node.Heading ?? node.Line.Text;
            AddAll(node.Children, text.Length is > 0 and <= MaxChapterChars ? chapter + text + (PlanPhrase.IsChinese(text) ? "：" : ": ") : chapter);
            return;
        }

        AddSection(node, chapter);
    }

    private void AddSection(PlanNode node, string chapter)
    {
        List<string> details = [];
        Collect(node, details);
        string text = node.Line.Text;
        string? heading = node.Heading;
        if (node.MainPoint is not null)
        {
            heading ??= text.Length > 0 ? text : null;
            details.Insert(0, node.MainPoint);
        }
        else if (text.Length > 0 && (details.Count == 0 || heading is not null || text.Length > MaxChapterChars))
        {
            details.Insert(0, text);
        }
        else if (text.Length > 0)
        {
            heading = text;
        }

        string main = details.Count == 0 ? heading ?? "" : string.Join(details.Any(PlanPhrase.IsChinese) ? "；" : "; ", details);
        decimal words = node.Budget!.Value;
        if (main.Length == 0)
        {
            Blame(node, "The step has no main point; expected one such as \"Main Point: <text>\".");
        }
        else if (words is < 1 or > PlanParser.MaxStepWords)
        {
            Blame(node, string.Create(CultureInfo.InvariantCulture, $"The word count must be 1 to 1,000,000 but is {words:#,0}."));
        }
        else
        {
            sections.Add(new PlannedSection(chapter + main, (int)words) { Heading = heading });
        }
    }

    private static void Collect(PlanNode node, List<string> details)
    {
        details.AddRange(node.Details);
        foreach (PlanNode child in node.Children)
        {
            string?[] parts = [child.Heading, child.Line.Text, child.MainPoint];
            string said = string.Join(": ", parts.Where(static part => !string.IsNullOrEmpty(part)).Distinct());
            if (said.Length > 0)
            {
                details.Add(said);
            }

            Collect(child, details);
        }
    }

    /// <summary>Where no line has a word count: every line that looks like a step is told so.</summary>
    private void BlameAll(IReadOnlyList<PlanNode> nodes, bool areSteps)
    {
        PlanNode[] steps = [.. nodes.Where(static node => node.Line.Kind != PlanMarkerKind.Bullet)];
        if (!areSteps && steps.Length < 2 && !steps.Any(static node => node.Line.Kind == PlanMarkerKind.Keyword))
        {
            steps = nodes.Count > 1 ? [.. nodes] : [];
        }

        foreach (PlanNode step in steps)
        {
            Blame(step, "The step has no word count; expected one such as \"Word Count: 400 words\".");
        }
    }

    /// <summary>A bold line before the first step with nothing under it: the title, in replies that set their headings in bold.</summary>
    private static bool IsLoneBoldLine(PlanNode node) =>
        node is { Line: { Kind: PlanMarkerKind.Heading, Ordinal: null }, Heading: not null, Details.Count: 0, Children.Count: 0 }
        && !node.Line.Source.Text.TrimStart().StartsWith('#');

    private static bool IsRewound(PlanNode node, int? previous) => node.Line.Ordinal is int number && number <= previous;

    private static (PlanMarkerKind Kind, int Rank) Form(PlanNode node) => (node.Line.Kind, node.Line.Rank);

    private void Blame(PlanNode node, string message) => problems.Add(Problem(node, message));

    private void Note(PlanNode node, string message) => notes.Add(Problem(node, message));

    private static PlanProblem Problem(PlanNode node, string message) => new(node.Line.Source.Number, node.Line.Source.Text.Trim(), message);
}
