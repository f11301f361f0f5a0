using LongWriter.Prompts;

namespace LongWriter.Writing;

/// <summary>The part of a plan that fits: the step itself and its neighbours in full, a digest for the rest.</summary>
internal static class PlanWindow
{
    private const int DigestWords = 8;

    /// <summary>Formats as many lines around <paramref name="index"/> as <paramref name="maxTokens"/> allow; the step's own line always. <paramref name="leftOut"/> lines are not shown.</summary>
    public static string Fit(WritingPlan plan, int index, int maxTokens, TokenBudget tokens, bool chinese, out int leftOut)
    {
        string all = PlanText.Format(plan, chinese);
        leftOut = 0;
        if (tokens.Count(all) <= maxTokens)
        {
            return all;
        }

        int first = index, last = index;
        while (first > 0 || last < plan.Sections.Count - 1)
        {
            // The line after is worth more than the line before: that one's text is usually at hand.
            int nextFirst = last - index > index - first || last == plan.Sections.Count - 1 ? Math.Max(0, first - 1) : first;
            int nextLast = nextFirst == first ? Math.Min(plan.Sections.Count - 1, last + 1) : last;
            if ((nextFirst == first && nextLast == last) || tokens.Count(Render(plan, nextFirst, nextLast, chinese)) > maxTokens)
            {
                break;
            }

            (first, last) = (nextFirst, nextLast);
        }

        leftOut = plan.Sections.Count - (last - first + 1);
        return Render(plan, first, last, chinese);
    }

    private static string Render(WritingPlan plan, int first, int last, bool chinese)
    {
        var lines = new List<string>();
        if (first > 0)
        {
            lines.Add(Digest(plan, 0, first - 1, chinese));
        }

        for (int section = first; section <= last; section++)
        {
            lines.Add(PlanText.Line(plan, section, chinese));
        }

        if (last < plan.Sections.Count - 1)
        {
            lines.Add(Digest(plan, last + 1, plan.Sections.Count - 1, chinese));
        }

        return string.Join('\n', lines);
    }

    private static string Digest(WritingPlan plan, int first, int last, bool chinese) => PromptWording.LeftOutSteps(
        first + 1, last + 1, Clip(plan.Sections[first].MainPoint), Clip(plan.Sections[last].MainPoint), chinese);

    private static string Clip(string point)
    {
        string[] words = point.Split(' ', DigestWords + 1, StringSplitOptions.RemoveEmptyEntries);
        string clipped = words.Length > DigestWords ? string.Join(' ', words[..DigestWords]) + "…" : point;
        return clipped.Length <= 80 ? clipped : clipped[..(char.IsHighSurrogate(clipped[79]) ? 79 : 80)] + "…";
    }
}
