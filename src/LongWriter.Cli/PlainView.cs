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
                Line($"Plan: {planning.Plan.Sections.Count} sections, {planning.Plan.TotalWords} of {planning.Target} ({planning.Origin}).");
                break;
            case SectionAccepted { Section: var section }:
                Line($"[{section.Index + 1}/{progress.Planning!.Plan.Sections.Count}] {section.Words} of {section.Planned.Words} words{(section.End == EndCause.Stop ? "" : $", ended with {section.End}")}{(section.Restored ? ", from the journal" : "")}; {progress.AcceptedWords} in all, {progress.Elapsed.TotalSeconds:0.0} s.");
                break;
            case WritingNoted { Kind: not WritingNoteKind.ContextDropped } note:
                Line($"{(note.SectionIndex is { } index ? $"Section {index + 1}: " : "")}{note.Message}");
                break;
            case DocumentEnded ended:
                Line($"{progress.AcceptedWords} words, target {progress.Planning!.Target}; {ended.Usage.Calls} calls, {ended.Usage.InputTokens} input tokens ({ended.Usage.CachedInputTokens} cached), {ended.Usage.OutputTokens} output tokens; {progress.Elapsed.TotalSeconds:0.0} s.");
                break;
        }
    }

    public void Dispose()
    {
    }

    private void Line(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
