using LongWriter.Onnx.Tokenization.Patterns;

namespace LongWriter.Onnx.Tokenization.Splitting;

/// <summary>What a match is joined with.</summary>
internal enum PieceJoin
{
    /// <summary>The gap before it; a match that follows a match stands alone.</summary>
    WithPrevious,

    /// <summary>The gap behind it; a match before a match stands alone.</summary>
    WithNext,

    /// <summary>Matches that touch.</summary>
    Contiguous,
}

/// <summary>
/// Cuts at matches and keeps each with a neighbour. Inverted, gaps are what counts as a match. Whether a piece ends can be told
/// from its own parts and the next, so no state is needed.
/// </summary>
internal sealed class JoiningSplitter(TextMatcher matcher, PieceJoin join, bool inverted) : PieceSplitter
{
    public override int Next(ReadOnlySpan<char> text, int start, out bool keep)
    {
        keep = true;
        int end = EndOfPart(text, start, out bool isMatch);
        if (join == PieceJoin.Contiguous)
        {
            while (end < text.Length && EndOfPart(text, end, out bool nextIsMatch) is var next && nextIsMatch == isMatch)
            {
                end = next;
            }

            return end;
        }

        bool mayJoin = isMatch == (join == PieceJoin.WithNext);
        if (mayJoin && end < text.Length && EndOfPart(text, end, out bool other) is var joined && other != isMatch)
        {
            return joined;
        }

        return end;
    }

    /// <summary>The end of the match or of the gap that begins at <paramref name="start"/>.</summary>
    private int EndOfPart(ReadOnlySpan<char> text, int start, out bool isMatch)
    {
        bool found = matcher.TryFind(text, start, out int matchStart, out int matchEnd);
        bool here = found && matchStart == start;
        isMatch = here != inverted;
        return here ? matchEnd : found ? matchStart : text.Length;
    }
}
