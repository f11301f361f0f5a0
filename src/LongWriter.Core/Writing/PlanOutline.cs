namespace LongWriter.Writing;

/// <summary>A line of the outline with what stands under it.</summary>
internal sealed class PlanNode(PlanLine line)
{
    /// <summary>The line that opened it.</summary>
    public PlanLine Line { get; } = line;

    /// <summary>Lines of the outline under it.</summary>
    public List<PlanNode> Children { get; } = [];

    /// <summary>Texts that stand under it without being steps, in order.</summary>
    public List<string> Details { get; } = [];

    /// <summary>Heading, of the line or of a field under it.</summary>
    public string? Heading { get; set; } = line.Heading;

    /// <summary>Labelled main point, of the line or of a field under it.</summary>
    public string? MainPoint { get; set; } = line.MainPoint;

    /// <summary>Own word count, of the line or of a field under it.</summary>
    public decimal? Words { get; set; } = line.Words;

    /// <summary>Own count, or else the sum of those below; null when there is none.</summary>
    public decimal? Budget { get; set; }

    /// <summary>True when the line itself already says both what and how much.</summary>
    public bool IsComplete => Words is not null && (MainPoint is not null || Line.Text.Length > 0 || Details.Count > 0 || Children.Count > 0);
}

/// <summary>Hangs the lines of a plan under each other by rank.</summary>
/// <param name="Title">Text of a title line before the first step, or null.</param>
/// <param name="Roots">The outermost steps.</param>
internal sealed record PlanOutline(string? Title, IReadOnlyList<PlanNode> Roots)
{
    /// <summary>Builds the outline.</summary>
    public static PlanOutline Build(IReadOnlyList<PlanLine> lines, PlanReading reading)
    {
        Builder builder = new();
        for (int i = 0; i < lines.Count; i++)
        {
            builder.Add(lines[i], opensStep: reading == PlanReading.Plain && IsFollowedByField(lines, i));
        }

        return builder.Finish();
    }

    /// <summary>A short line with "Main Point:" or a word count right under it is a step's heading, where nothing is marked.</summary>
    private static bool IsFollowedByField(IReadOnlyList<PlanLine> lines, int index) =>
        index + 1 < lines.Count && lines[index + 1].Role == PlanLineRole.Field && lines[index].Text.Length <= 120;

    private sealed class Builder
    {
        private readonly List<PlanNode> roots = [];
        private readonly Stack<PlanNode> open = new();
        private string? title;
        private bool afterBlank;
        private bool isSealed;

        public void Add(PlanLine line, bool opensStep)
        {
            if (opensStep && line.Role == PlanLineRole.Text)
            {
                line = line with { Role = PlanLineRole.Step, Kind = PlanMarkerKind.Plain, Rank = 19 };
            }

            switch (line.Role)
            {
                case PlanLineRole.Title:
                    AddTitle(line.Text);
                    break;
                case PlanLineRole.Step:
                    AddStep(line);
                    break;
                case PlanLineRole.Field:
                    AddField(line);
                    break;
                case PlanLineRole.Text:
                    AddText(line);
                    break;
            }

            afterBlank = line.Role == PlanLineRole.Blank;
        }

        public PlanOutline Finish() => new(title, roots);

        private void AddTitle(string text)
        {
            if (open.TryPeek(out PlanNode? node))
            {
                node.Heading ??= text;
            }
            else
            {
                title ??= text.Length > 0 ? text : null;
            }
        }

        private void AddStep(PlanLine line)
        {
            PlanNode? top = open.TryPeek(out PlanNode? found) ? found : null;
            bool continues = top is not null && line.Rank > top.Line.Rank && line.Kind == PlanMarkerKind.Number && top.Line.Kind == PlanMarkerKind.Number
                && line.Ordinal is not null && line.Ordinal == top.Line.Ordinal + 1 && top.Children.Count == 0;
            int rank = continues ? top!.Line.Rank : line.Rank;
            if (isSealed && top is not null && rank > top.Line.Rank && line.Words is null)
            {
                // A list under a sentence that no longer belongs to the plan.
                return;
            }

            isSealed = false;
            while (open.TryPeek(out PlanNode? holder) && holder.Line.Rank >= rank)
            {
                open.Pop();
            }

            PlanNode node = new(continues ? line with { Rank = rank } : line);
            (open.TryPeek(out PlanNode? parent) ? parent.Children : roots).Add(node);
            open.Push(node);
        }

        private void AddField(PlanLine line)
        {
            PlanNode? node = Owner(line);
            if (node is null || isSealed)
            {
                return;
            }

            node.Heading ??= line.Heading;
            node.Words ??= line.Words;
            if (node.MainPoint is null)
            {
                node.MainPoint = line.MainPoint;
            }
            else if (line.MainPoint is not null)
            {
                node.Details.Add(line.MainPoint);
            }
        }

        /// <summary>Whose field it is: of a bullet, the line that holds it; else the nearest step that is no bullet and lacks it.</summary>
        private PlanNode? Owner(PlanLine line)
        {
            if (line.Kind == PlanMarkerKind.Bullet)
            {
                return open.FirstOrDefault(node => node.Line.Rank < line.Rank);
            }

            bool Lacks(PlanNode node) => (line.Words is not null && node.Words is null) || (line.MainPoint is not null && node.MainPoint is null)
                || (line.Heading is not null && node.Heading is null);
            return open.FirstOrDefault(node => node.Line.Kind != PlanMarkerKind.Bullet && Lacks(node))
                ?? open.LastOrDefault(node => node.Line.Kind == PlanMarkerKind.Bullet && Lacks(node));
        }

        private void AddText(PlanLine line)
        {
            if (!open.TryPeek(out PlanNode? node) || isSealed)
            {
                return;
            }

            bool isIndented = line.Source.Text.StartsWith("  ", StringComparison.Ordinal) || line.Source.Text.StartsWith('\t');
            if (PlanChatter.Is(PlanPhrase.Fold(line.Text)) || (afterBlank && !isIndented && node.IsComplete))
            {
                isSealed = open.Any(static step => step.Words is not null);
            }
            else if (line.Text.Length > 0)
            {
                node.Details.Add(line.Text);
            }
        }
    }
}
