namespace LongWriter;

/// <summary>Word_Break values of UAX #29. The numbers are those of eng/GenerateWordBreakTable.cs.</summary>
internal enum WordBreak : byte
{
    Other,
    CR,
    LF,
    Newline,
    Extend,
    ZWJ,
    Format,
    RegionalIndicator,
    Katakana,
    HebrewLetter,
    ALetter,
    SingleQuote,
    DoubleQuote,
    MidNumLet,
    MidLetter,
    MidNum,
    Numeric,
    ExtendNumLet,
    WSegSpace,
}

/// <summary>What a character adds to a count of words.</summary>
internal enum WordContent : byte
{
    /// <summary>Space, punctuation, symbol, mark, emoji; superscripts, fractions and circled digits too.</summary>
    Nothing,

    /// <summary>A letter or decimal digit: its segment is a word.</summary>
    Word,

    /// <summary>An ideograph or kana: one by itself.</summary>
    Character,

    /// <summary>A letter of a script written without spaces (Thai, Lao, Khmer, Burmese and kin): a part of an estimate.</summary>
    Unspaced,
}

/// <summary>What is known of one code point, packed into a byte.</summary>
internal readonly record struct WordTraits(byte Packed)
{
    public WordBreak Break => (WordBreak)(Packed & 0x1F);

    public bool IsPictographic => (Packed & 0x20) != 0;

    public WordContent Content => (WordContent)(Packed >> 6);

    /// <summary>Rule WB4: Extend, Format and ZWJ belong to what stands before them.</summary>
    public bool IsAttached => Break is WordBreak.Extend or WordBreak.Format or WordBreak.ZWJ;
}

/// <summary>Two look-ups per code point in a generated table, whatever Unicode version the runtime carries.</summary>
internal static partial class WordBreakTable
{
    public static WordTraits Of(int codePoint)
    {
        int block = codePoint >> BlockShift;
        return block < Index.Length
            ? new WordTraits(Blocks[(Index[block] << BlockShift) | (codePoint & ((1 << BlockShift) - 1))])
            : default;
    }

    /// <summary>Traits of the code point at <paramref name="index"/>; an unpaired surrogate is one code point of no traits.</summary>
    public static WordTraits At(ReadOnlySpan<char> text, int index, out int units)
    {
        char unit = text[index];
        units = 1;
        if (char.IsHighSurrogate(unit) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
        {
            units = 2;
            return Of(char.ConvertToUtf32(unit, text[index + 1]));
        }

        return Of(unit);
    }
}
