using System.Globalization;

namespace LongWriter.Cli;

/// <summary>One line for each thing that happens, where there is no terminal.</summary>
internal sealed class PlainView(TextWriter output, TimeProvider time) : IWritingView
{
    private readonly RunProgress progress = new(time);

    public void Show(WritingUpdate update)
    {
        progress.Add(update);
        switch (update)
        {
            case PlanReady { Planning: var planning }:
                output.WriteLine(ProgressText.Plan(planning));
                break;
            case SectionAccepted { Section: var section }:
                output.WriteLine(Accepted(section));
                break;
            case PlanRevised revised:
                output.WriteLine(revised.Reason);
                break;
            case WritingNoted { Kind: not WritingNoteKind.ContextDropped } note:
                output.WriteLine(note.SectionIndex is { } index ? FormattableString.Invariant($"Section {index + 1}: {note.Message}") : note.Message);
                break;
            case DocumentEnded ended:
                if (ended.Length is { } length)
                {
                    output.WriteLine(ProgressText.Length(length));
                }

                Line($"{ended.Usage.Calls} calls, {ended.Usage.InputTokens} input tokens ({ended.Usage.CachedInputTokens} cached), {ended.Usage.OutputTokens} output tokens, {progress.DiscardedTokens} of them discarded; {ProgressText.Duration(progress.Elapsed)}");
                break;
        }
    }

    public void Dispose()
    {
    }

    /// <summary>Such as "[3/20] 512 of 500 words, 1536 in all, 0:00:12, 41 tokens/s, about 0:01:10 left: The crew leaves the harbour".</summary>
    private string Accepted(WrittenSection section)
    {
        int count = progress.Planning!.Plan.Sections.Count;
        string place = (section.Index + 1).ToString(CultureInfo.InvariantCulture).PadLeft(count.ToString(CultureInfo.InvariantCulture).Length);
        List<string> facts =
        [
            FormattableString.Invariant($"[{place}/{count}] {section.Words} of {section.AimedWords} {(progress.IsCharacters ? "字" : "words")}"),
            FormattableString.Invariant($"{progress.AcceptedWords} in all"),
        ];
        if (section.End != EndCause.Stop)
        {
            facts.Add($"ended with {section.End}");
        }

        if (section.Restored)
        {
            facts.Add("from the journal");
        }
        else
        {
            facts.Add(ProgressText.Duration(progress.Elapsed));
            facts.AddRange(progress.TokensPerSecond is { } rate ? [ProgressText.Tokens(rate)] : []);
            facts.AddRange(progress.TimeLeft is { } left && section.Index + 1 < count ? [$"about {ProgressText.Duration(left)} left"] : []);
        }

        string point = section.Planned.Heading ?? section.Planned.MainPoint;
        return $"{string.Join(", ", facts)}: {CellText.Head(point, 60)}";
    }

    private void Line(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
