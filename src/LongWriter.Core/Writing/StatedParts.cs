using LongWriter.Text;
using LongWriter.Text.Lengths;

namespace LongWriter.Writing;

/// <summary>
/// The parts of a document whose lengths the instruction states one by one: "Part 1, 500 words; part 2, 2,000 words", "five letters of
/// 300 words each". They keep these lengths, whoever plans what is in them.
/// </summary>
internal sealed class StatedParts
{
    /// <summary>More parts than this are a list, not a plan.</summary>
    private const int MostParts = 200;

    /// <summary>A shorter part is a title or a line, which is written with what is around it.</summary>
    private const int FewestWords = 40;

    private const int MostPointChars = 200;

    private readonly IReadOnlyList<PlannedSection> parts;

    private StatedParts(IReadOnlyList<PlannedSection> parts) => this.parts = parts;

    /// <summary>Parts with their budgets; each may still be larger than a section.</summary>
    public WritingPlan Plan => new(parts);

    /// <summary>Reads the parts of an instruction; null where it states none, or not the whole document in parts.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="target">The length of the whole.</param>
    /// <param name="chinese">The language of main points.</param>
    public static StatedParts? Read(string instruction, LengthTarget target, bool chinese)
    {
        IReadOnlyList<LengthStatement> stated = LengthTargetParser.ParseAll(instruction).Parts;
        long count = stated.Sum(static part => (long)(part.Count ?? 0));
        bool isWhole = stated.Sum(static part => part.Value * (part.Count ?? 0)) == target.Value;
        if (!isWhole || count is < 2 or > MostParts || stated.Any(part => !part.IsInRange || part.Value < FewestWords || part.Unit != target.Unit))
        {
            return null;
        }

        var parts = new List<PlannedSection>();
        foreach (LengthStatement part in stated)
        {
            for (int item = 1; item <= part.Count; item++)
            {
                parts.Add(new PlannedSection(Point(instruction, part, item, chinese), PlanBudget.Aim(TargetOf(part))) { Part = parts.Count + 1 });
            }
        }

        return new StatedParts(parts);
    }

    /// <summary>A model's plan with the stated lengths, where it has a section for each part; else what the instruction says of the parts.</summary>
    /// <param name="plan">The model's plan, or null.</param>
    public WritingPlan Over(WritingPlan? plan) => plan?.Sections.Count == parts.Count
        ? plan with { Sections = [.. plan.Sections.Select((section, index) => section with { Words = parts[index].Words, Part = parts[index].Part })] }
        : Plan;

    /// <summary>Splits parts that are larger than a section; what belongs together keeps its number.</summary>
    public static WritingPlan Split(WritingPlan plan, PlanBudgetOptions bounds, LengthUnit unit) => plan with
    {
        Sections = [.. plan.Sections.SelectMany(part => part.Words <= bounds.MaxSectionWords
            ? [part]
            : PlanBudget.Rescale(new WritingPlan([part]), LengthTarget.Equal(part.Words, unit), bounds).Plan.Sections.Select(section => section with { Part = part.Part }))],
    };

    private static string Point(string instruction, LengthStatement part, int item, bool chinese)
    {
        if (part.Count > 1)
        {
            return chinese
                ? $"任务要求的第{item}项（共{part.Count}项），独立成篇，内容与其他各项不同"
                : $"item {item} of the {part.Count} that the task asks for, complete in itself and different from the others";
        }

        // The line, or in it the sentence, that states the length says what the part is.
        int start = instruction.AsSpan(0, part.Start).LastIndexOfAny("\n;；。") + 1;
        int length = instruction.AsSpan(part.End).IndexOfAny("\n;；。");
        string clause = PlanPhrase.Collapse(length < 0 ? instruction[start..] : instruction[start..(part.End + length)]).Trim(' ', '-', '*', '•', ',', '，', '.');
        return clause.Length <= MostPointChars ? clause : clause[..(char.IsHighSurrogate(clause[MostPointChars - 1]) ? MostPointChars - 1 : MostPointChars)] + "…";
    }

    private static LengthTarget TargetOf(LengthStatement part) => part.Kind switch
    {
        LengthKind.AtLeast => LengthTarget.AtLeast((int)part.Minimum),
        LengthKind.AtMost => LengthTarget.AtMost((int)part.Maximum),
        LengthKind.Range => LengthTarget.Between((int)part.Minimum, (int)part.Maximum),
        _ => LengthTarget.Equal((int)part.Maximum),
    };
}
