using LongWriter.Calling;
using LongWriter.Text;

namespace LongWriter.Writing;

/// <summary>What to do after a call for a section.</summary>
internal enum SectionStep
{
    Accept,
    Continue,

    /// <summary>Bring to an end what ran over, from before its end.</summary>
    Finish,

    /// <summary>Go on from before a loop, otherwise.</summary>
    Rewind,
    Rewrite,
    Fail,
}

/// <summary>The decision after a call, with the text to keep.</summary>
/// <param name="Step">What to do.</param>
/// <param name="Kept">The section's text to keep, uncleaned.</param>
/// <param name="End">Why it ended.</param>
/// <param name="Reason">For a person.</param>
internal sealed record SectionOutcome(SectionStep Step, string Kept, EndCause End, string Reason)
{
    /// <summary>Decides, from the text of all calls so far and the end of the last one.</summary>
    /// <param name="text">Text of the section so far, uncleaned.</param>
    /// <param name="result">The last call's result.</param>
    /// <param name="gained">Characters that the last call added.</param>
    /// <param name="continuations">Continuations made so far.</param>
    /// <param name="rewrites">Rewrites made so far.</param>
    /// <param name="options">Limits and the policy for cut sections.</param>
    public static SectionOutcome Decide(
        string text, CallResult result, int gained, int continuations, int rewrites, AgentWriterOptions options)
    {
        string whole = text[..TextBorders.LastSentenceEnd(text)].TrimEnd();
        return result.End switch
        {
            EndCause.Stop when text.AsSpan().Trim().IsEmpty => Again(EndCause.Empty, "The reply was empty."),
            EndCause.Stop => new SectionOutcome(SectionStep.Accept, text, EndCause.Stop, ""),
            EndCause.Length or EndCause.ContextLimit when gained > 0 && continuations < options.MaxContinuations =>
                new SectionOutcome(SectionStep.Continue, whole.Length > 0 ? KeepBreak(text, whole) : text, result.End, $"The reply was cut ({result.End})."),
            EndCause.Length or EndCause.ContextLimit => Cut(result.End, $"The section was still cut ({result.End}) after {continuations} continuations."),
            EndCause.Repetition when rewrites < options.MaxRewrites && whole.Length > 0 =>
                new SectionOutcome(SectionStep.Rewind, KeepBreak(text, whole), EndCause.Repetition, "The reply ran into a loop, which is taken back."),
            EndCause.Repetition when rewrites < options.MaxRewrites => Again(EndCause.Repetition, "The reply ran into a loop."),
            EndCause.Repetition => Cut(EndCause.Repetition, $"The section ran into a loop {rewrites + 1} times."),
            EndCause.Empty => Again(EndCause.Empty, "The reply was empty."),
            EndCause.Refusal => Again(EndCause.Refusal, "The model refused to write the section."),
            EndCause.ContentFilter => Again(EndCause.ContentFilter, "A content filter cut or withheld the section."),
            _ => new SectionOutcome(SectionStep.Fail, "", result.End, result.Failure ?? $"The call ended with {result.End}."),
        };

        SectionOutcome Again(EndCause end, string reason) => rewrites < options.MaxRewrites
            ? new SectionOutcome(SectionStep.Rewrite, "", end, reason)
            : new SectionOutcome(SectionStep.Fail, "", end, $"{reason} It was tried {rewrites + 1} times.");

        SectionOutcome Cut(EndCause end, string reason) => options.CutSections == CutSectionPolicy.AcceptTrimmed && whole.Length > 0
            ? new SectionOutcome(SectionStep.Accept, whole, end, reason)
            : new SectionOutcome(SectionStep.Fail, "", end, reason);
    }

    /// <summary>Keeps the white space after the last whole sentence, so that a continuation knows whether a paragraph had ended.</summary>
    private static string KeepBreak(string text, string whole)
    {
        int end = whole.Length;
        while (end < text.Length && char.IsWhiteSpace(text[end]))
        {
            end++;
        }

        return text.AsSpan(whole.Length, end - whole.Length).Contains('\n') ? whole + "\n\n" : whole;
    }
}
