using System.Globalization;

namespace LongWriter.Onnx.Tokenization.Splitting;

/// <summary>What the split patterns ask of a code point.</summary>
[Flags]
internal enum CodePointKind : byte
{
    Other = 0,
    Letter = 1,
    Number = 2,
    Space = 4,
    LineBreak = 8,
    Mark = 16,

    /// <summary>Lu, Lt, Lm, Lo or M: may stand in the upper part of a word.</summary>
    UpperPart = 32,

    /// <summary>Ll, Lm, Lo or M: may stand in the lower part of a word.</summary>
    LowerPart = 64,
}

/// <summary>
/// Kinds of code points, not of UTF-16 units: an astral letter is a letter. The categories of .NET 10 are those of the
/// reference's regex engine for every code point (Unicode 16, compared in full).
/// </summary>
internal static class CodePointKinds
{
    private static readonly CodePointKind[] Basic = [.. Enumerable.Range(0, 0x10000).Select(Classify)];

    public static CodePointKind At(ReadOnlySpan<char> text, int index, out int width)
    {
        char unit = text[index];
        if (char.IsHighSurrogate(unit) && index + 1 < text.Length)
        {
            width = 2;
            return Classify(char.ConvertToUtf32(unit, text[index + 1]));
        }

        width = 1;
        return Basic[unit];
    }

    public static CodePointKind Of(char unit) => Basic[unit];

    /// <summary>The end of the run of code points that are of one of <paramref name="kinds"/>.</summary>
    public static int SkipWhile(ReadOnlySpan<char> text, int index, CodePointKind kinds, int maxCount = int.MaxValue)
    {
        while (index < text.Length && maxCount-- > 0 && (At(text, index, out int width) & kinds) != 0)
        {
            index += width;
        }

        return index;
    }

    /// <summary>The end of the run of code points that are of none of <paramref name="kinds"/>.</summary>
    public static int SkipUntil(ReadOnlySpan<char> text, int index, CodePointKind kinds)
    {
        while (index < text.Length && (At(text, index, out int width) & kinds) == 0)
        {
            index += width;
        }

        return index;
    }

    private static CodePointKind Classify(int codePoint)
    {
        if (codePoint < 0x10000 && char.IsWhiteSpace((char)codePoint))
        {
            return codePoint is '\r' or '\n' ? CodePointKind.Space | CodePointKind.LineBreak : CodePointKind.Space;
        }

        return CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => CodePointKind.Letter | CodePointKind.UpperPart,
            UnicodeCategory.LowercaseLetter => CodePointKind.Letter | CodePointKind.LowerPart,
            UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
                => CodePointKind.Letter | CodePointKind.UpperPart | CodePointKind.LowerPart,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
                => CodePointKind.Mark | CodePointKind.UpperPart | CodePointKind.LowerPart,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CodePointKind.Number,
            _ => CodePointKind.Other,
        };
    }
}
