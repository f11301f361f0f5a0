using LongWriter.Text;
using Microsoft.Extensions.AI;

namespace LongWriter.Writing;

/// <summary>The closed loop inside one section: what to ask for, when to stop a reply, and whether what came is accepted, cut or continued. For one use.</summary>
/// <param name="window">What the section may have.</param>
/// <param name="loop">The document's loop; null where sections are written at the same time and must not learn from each other.</param>
/// <param name="decoder">The client's own steering, or null.</param>
/// <param name="count">Words of the section with a text, its heading included.</param>
/// <param name="counter">The counter behind <paramref name="count"/>.</param>
internal sealed class SectionLoop(SectionWindow window, LengthLoop? loop, ILengthWindow? decoder, Func<string, int> count, WordCounter counter)
{
    /// <summary>A reply is stopped when it is a long sentence beyond the window, so that there is a border to cut at.</summary>
    private const int SentenceWords = 40;

    /// <summary>An ending takes at least so many words.</summary>
    private const int FewestEndingWords = 40;

    /// <summary>A code block may run over the window so many times.</summary>
    private const int MostCode = 3;

    /// <summary>A request for fewer words than this makes no sense to a model.</summary>
    private const int FewestWords = 10;

    /// <summary>How often the end of a section is written again to meet a narrow window; cheap only where the client steers.</summary>
    private readonly int mostClosings = decoder is null ? 2 : 4;

    private string? best;
    private int closings;
    private bool finished;

    public SectionWindow Window => window;

    /// <summary>Words to ask for, when the section has some.</summary>
    public int Asked(int have)
    {
        int needed = Math.Max(FewestWords, window.Aim - have);
        return loop?.Ask(needed) ?? needed;
    }

    /// <summary>Options of a call that adds to so many words.</summary>
    public ChatOptions Limit(ChatOptions options, int have) => decoder is null
        ? options
        : decoder.Limit(options, new LengthWindow(Math.Max(0, window.Floor - have), Math.Max(1, window.Aim - have), Math.Max(1, window.Ceiling - have), counter));

    /// <summary>True for a text that goes on so far beyond the window that the reply is to be stopped. A code block may end first, within reason.</summary>
    public bool IsBeyond(string text)
    {
        int words = count(text);
        return words > window.Ceiling + SentenceWords && (words > MostCode * (window.Ceiling + SentenceWords) || !TextBorders.IsInsideCodeBlock(text));
    }

    public void Observe(int asked, string before, string after, bool stopped) => loop?.Observe(asked, count(after) - count(before), stopped);

    /// <summary>Decides about a cleaned text that the model, or the writer, ended.</summary>
    /// <param name="cleaned">The section's text.</param>
    /// <param name="outcome">The decision otherwise: to accept it.</param>
    /// <param name="endedByModel">True when the text ends where the model ended it.</param>
    /// <param name="canContinue">True while another call may be made.</param>
    public SectionOutcome Judge(string cleaned, SectionOutcome outcome, bool endedByModel, bool canContinue)
    {
        int words = count(cleaned);
        if (endedByModel && words >= window.NaturalFloor && words <= window.NaturalCeiling)
        {
            return outcome with { Kept = cleaned };
        }

        if (window.IsFinal && words > window.Ceiling && decoder is null && canContinue && !finished && Unfinished(cleaned) is { Length: > 0 } open)
        {
            finished = true;
            best = LengthCut.Nearest(cleaned, window, count);
            return new SectionOutcome(SectionStep.Finish, open, EndCause.Stop, $"The section ran over {window.Aim} words; it is brought to an end.");
        }

        string kept = words > window.Ceiling ? LengthCut.Nearest(cleaned, window, count) : cleaned;
        best = best is null || window.Distance(count(kept)) < window.Distance(count(best)) ? kept : best;
        if (window.Contains(count(kept)) || !canContinue || (finished && words >= window.NaturalFloor))
        {
            return outcome with { Kept = best };
        }

        if (words < window.Floor)
        {
            // What the prompt shows of it is cleaned, so that what was wrong with it is not taken for an example.
            return new SectionOutcome(SectionStep.Continue, cleaned + DocumentText.Separator, EndCause.Stop, $"The section ended with {words} of {window.Aim} words.");
        }

        // No border lies in the window: the end is taken back by a sentence or two, and written again.
        string shorter = LengthCut.UpTo(cleaned, window.Aim - Math.Max(FewestWords, SentenceWords / 2), count);
        return window.IsFinal && closings++ < mostClosings && shorter.Length > 0
            ? new SectionOutcome(SectionStep.Continue, shorter, EndCause.Stop, $"The section ended with {count(kept)} of {window.Aim} words, its end is written again.")
            : outcome with { Kept = best };
    }

    /// <summary>The text with room for an ending: an eighth of the section, 40 to 120 words.</summary>
    private string Unfinished(string text) => LengthCut.UpTo(text, window.Aim - Math.Clamp(window.Aim / 8, FewestEndingWords, 3 * FewestEndingWords), count);

    /// <summary>True when the whole sentences of a reply that was cut by a limit are enough.</summary>
    public bool IsEnough(string text) => count(text[..TextBorders.LastSentenceEnd(text)]) >= window.Floor;

    /// <summary>Why the section is outside its window; null when it is not.</summary>
    public string? Trouble(int index, int words, string reason) => window.Contains(words)
        ? null
        : $"Section {index + 1} has {words} of {window.Aim} words.{(reason.Length > 0 ? " " + reason : "")}";
}
