using System.Text;

namespace LongWriter.Calling;

/// <summary>What a piece of a reply changes for a reader: first take back, then append.</summary>
/// <param name="RetractedChars">UTF-16 code units to take back; all there are, or 0.</param>
/// <param name="AppendedText">Text to append, or null for none.</param>
internal readonly record struct FilteredText(int RetractedChars, string? AppendedText)
{
    /// <summary>Text to append.</summary>
    public string Text => AppendedText ?? "";

    /// <summary>This change and then <paramref name="next"/> as one: what <paramref name="next"/> takes back may be text appended here.</summary>
    public FilteredText Then(FilteredText next) => next.RetractedChars == 0
        ? new FilteredText(RetractedChars, Text + next.Text)
        : new FilteredText(RetractedChars + next.RetractedChars - Text.Length, next.Text);
}

/// <summary>
/// Removes reasoning that models write as text: blocks between <c>&lt;think&gt;</c>, <c>&lt;thinking&gt;</c> or <c>&lt;reasoning&gt;</c> and
/// the closing tag of the same name. How the reply is cut into chunks makes no difference, and no part of a tag is emitted.
/// </summary>
/// <remarks>
/// A block counts at the start of the reply only, before any visible text, where reasoning models put theirs: a document about such
/// models may show a tag in its middle and must not lose text. An unclosed block hides all that follows. A closing tag
/// without an opening one ends reasoning that the chat template began: the text before it is taken back, unless the tag stands in
/// quotes or backticks or another tag came before it, which is how prose mentions one.
/// </remarks>
internal sealed class ReasoningFilter
{
    private static readonly string[] Names = ["think", "thinking", "reasoning"];
    private static readonly string[] OpenTags = [.. Names.Select(name => $"<{name}>")];
    private static readonly string[] CloseTags = [.. Names.Select(name => $"</{name}>")];
    private static readonly string[] AllTags = [.. OpenTags, .. CloseTags];

    private readonly StringBuilder output = new();
    private readonly StringBuilder candidate = new();
    private readonly StringBuilder leading = new();
    private Place place = Place.Start;
    private string[] closeTag = [];
    private bool removedBlock;
    private char lastVisible;
    private int deliveredChars;
    private int retractedChars;

    private enum Place
    {
        /// <summary>Nothing visible yet.</summary>
        Start,

        /// <summary>Inside a block.</summary>
        Hidden,

        /// <summary>Text that a closing tag could still turn into reasoning.</summary>
        Doubtful,

        /// <summary>Text for good.</summary>
        Settled,
    }

    /// <summary>Takes the next chunk.</summary>
    public FilteredText Append(string chunk)
    {
        for (int index = 0; index < chunk.Length; index++)
        {
            if (place == Place.Settled)
            {
                output.Append(chunk, index, chunk.Length - index);
                break;
            }

            Take(chunk[index]);
        }

        return Deliver();
    }

    /// <summary>Ends the reply. A tag that was cut is text in the middle of a reply, and nothing at its start.</summary>
    public FilteredText Complete()
    {
        if (place == Place.Doubtful)
        {
            ReleaseCandidate();
        }

        return Deliver();
    }

    private void Take(char next)
    {
        if (next == '<')
        {
            ReleaseCandidate();
            _ = place == Place.Settled ? output.Append(next) : candidate.Append(next);
            return;
        }

        if (candidate.Length == 0)
        {
            TakeText(next);
            return;
        }

        candidate.Append(next);
        string begun = candidate.ToString();
        bool isPrefix = false;
        foreach (string tag in place == Place.Hidden ? closeTag : AllTags)
        {
            if (tag.Equals(begun, StringComparison.OrdinalIgnoreCase))
            {
                candidate.Clear();
                TakeTag(tag, begun);
                return;
            }

            isPrefix |= tag.StartsWith(begun, StringComparison.OrdinalIgnoreCase);
        }

        if (!isPrefix)
        {
            ReleaseCandidate();
        }
    }

    private void TakeTag(string tag, string asWritten)
    {
        bool closes = tag[1] == '/';
        if (place == Place.Start && !closes)
        {
            place = Place.Hidden;
            closeTag = [tag.Insert(1, "/")];
        }
        else if (place != Place.Doubtful || (closes && !IsQuote(lastVisible)))
        {
            retractedChars += deliveredChars;
            deliveredChars = 0;
            output.Clear();
            leading.Clear();
            removedBlock = true;
            place = Place.Start;
        }
        else
        {
            place = Place.Settled;
            output.Append(asWritten);
        }
    }

    private void TakeText(char next)
    {
        if (place == Place.Hidden)
        {
            return;
        }

        if (place == Place.Start)
        {
            if (next is ' ' or '\t' or '\r' or '\n')
            {
                leading.Append(next);
                return;
            }

            // White space between a block and the text belongs to neither.
            if (!removedBlock)
            {
                output.Append(leading);
            }

            place = removedBlock ? Place.Settled : Place.Doubtful;
        }

        lastVisible = next;
        output.Append(next);
    }

    private void ReleaseCandidate()
    {
        string literal = candidate.ToString();
        candidate.Clear();
        foreach (char next in literal)
        {
            TakeText(next);
        }
    }

    private FilteredText Deliver()
    {
        var change = new FilteredText(retractedChars, output.ToString());
        deliveredChars += output.Length;
        output.Clear();
        retractedChars = 0;
        return change;
    }

    private static bool IsQuote(char previous) => previous is '"' or '\'' or '`' or '“' or '‘' or '«' or '「' or '『';
}
