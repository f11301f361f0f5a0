using System.Buffers;
using System.Globalization;
using LongWriter.Onnx.Tokenization.Files;

namespace LongWriter.Onnx.Tokenization;

/// <summary>
/// Finds added tokens in text: leftmost, then longest. A token that is refused (not a word by itself, or special where special
/// ones are plain text) still uses up its characters, as in the reference.
/// </summary>
internal sealed class AddedTokenFinder
{
    private const int Root = 0;

    private readonly List<AddedToken?> tokenAt = [null];
    private readonly Dictionary<(int Node, char Unit), int> edges = [];
    private readonly SearchValues<char> firstUnits;

    public AddedTokenFinder(IEnumerable<AddedToken> tokens)
    {
        var first = new HashSet<char>();
        foreach (AddedToken token in tokens)
        {
            int node = Root;
            first.Add(token.Text[0]);
            foreach (char unit in token.Text)
            {
                if (!edges.TryGetValue((node, unit), out int child))
                {
                    child = tokenAt.Count;
                    tokenAt.Add(null);
                    edges.Add((node, unit), child);
                }

                node = child;
            }

            tokenAt[node] = token;
        }

        firstUnits = SearchValues.Create([.. first]);
    }

    /// <summary>The next token at or behind <paramref name="searchFrom"/>, with the whitespace it swallows.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    /// <param name="searchFrom">Where to look from; moved behind the characters of what was found.</param>
    /// <param name="takenTo">Where the last found token ended; whitespace before it is taken.</param>
    /// <param name="parseSpecialTokens">False when special tokens are plain text.</param>
    /// <param name="found">The token and its borders.</param>
    public bool TryFind(ReadOnlySpan<char> text, ref int searchFrom, int takenTo, bool parseSpecialTokens, out FoundToken found)
    {
        while (TryFindAny(text, searchFrom, out AddedToken? token, out int start))
        {
            int end = start + token!.Text.Length;
            searchFrom = end;
            if ((token.IsSpecial && !parseSpecialTokens) || (token.SingleWord && !IsWordByItself(text, start, end)))
            {
                continue;
            }

            while (token.StripsLeft && start > takenTo && char.IsWhiteSpace(text[start - 1]))
            {
                start--;
            }

            while (token.StripsRight && end < text.Length && char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            found = new FoundToken(token.Id, start, end);
            return true;
        }

        found = default;
        return false;
    }

    private bool TryFindAny(ReadOnlySpan<char> text, int searchFrom, out AddedToken? token, out int start)
    {
        start = searchFrom;
        while (start < text.Length)
        {
            int offset = text[start..].IndexOfAny(firstUnits);
            if (offset < 0)
            {
                break;
            }

            start += offset;
            token = LongestAt(text, start);
            if (token is not null)
            {
                return true;
            }

            start++;
        }

        token = null;
        return false;
    }

    private AddedToken? LongestAt(ReadOnlySpan<char> text, int start)
    {
        AddedToken? longest = null;
        int node = Root;
        for (int i = start; i < text.Length && edges.TryGetValue((node, text[i]), out node); i++)
        {
            longest = tokenAt[node] ?? longest;
        }

        return longest;
    }

    private static bool IsWordByItself(ReadOnlySpan<char> text, int start, int end)
        => (start == 0 || !IsWord(CodePointBefore(text, start))) && (end == text.Length || !IsWord(CodePointAt(text, end)));

    private static int CodePointBefore(ReadOnlySpan<char> text, int index)
        => char.IsLowSurrogate(text[index - 1]) ? char.ConvertToUtf32(text[index - 2], text[index - 1]) : text[index - 1];

    private static int CodePointAt(ReadOnlySpan<char> text, int index)
        => char.IsHighSurrogate(text[index]) ? char.ConvertToUtf32(text[index], text[index + 1]) : text[index];

    /// <summary>Unicode's word characters: alphabetic, marks, decimal digits, connectors, joiners (UTS 18, annex C).</summary>
    private static bool IsWord(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
    {
        <= UnicodeCategory.OtherLetter => true,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => true,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation => true,
        UnicodeCategory.OtherSymbol => codePoint is (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149)
            or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189),
        _ => codePoint is 0x200C or 0x200D,
    };

    public readonly record struct FoundToken(int Id, int Start, int End);
}
