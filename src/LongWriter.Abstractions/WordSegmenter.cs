namespace LongWriter;

/// <summary>What a word segment holds.</summary>
internal struct WordSegment
{
    /// <summary>A letter or decimal digit of a script with words.</summary>
    public bool HasWord;

    /// <summary>Ideographs and kana.</summary>
    public int Characters;

    /// <summary>Letters of scripts written without spaces.</summary>
    public int UnspacedLetters;

    public void Add(WordTraits traits)
    {
        WordContent content = traits.Content;
        HasWord |= content == WordContent.Word;
        Characters += content == WordContent.Character ? 1 : 0;
        UnspacedLetters += content == WordContent.Unspaced ? 1 : 0;
    }
}

/// <summary>Default word boundaries of UAX #29 (Unicode 15.0), rule by rule. Linear in the text; passes all of WordBreakTest.txt.</summary>
internal static class WordSegmenter
{
    /// <summary>The boundary after <paramref name="start"/>, which is a boundary itself and inside the text.</summary>
    public static int NextBoundary(ReadOnlySpan<char> text, int start, out WordSegment segment)
    {
        segment = default;
        WordTraits traits = WordBreakTable.At(text, start, out int units);
        segment.Add(traits);
        int position = start + units;
        switch (traits.Break)
        {
            case WordBreak.CR:
                return position < text.Length && text[position] == '\n' ? position + 1 : position; // WB3
            case WordBreak.LF or WordBreak.Newline:
                return position; // WB3a
            case WordBreak.WSegSpace:
                position = EndOfSpaces(text, position); // WB3d
                break;
            default:
                break;
        }

        return Extend(text, position, traits.Break, ref segment);
    }

    private static int EndOfSpaces(ReadOnlySpan<char> text, int position)
    {
        while (position < text.Length && WordBreakTable.At(text, position, out int units).Break == WordBreak.WSegSpace)
        {
            position += units;
        }

        return position;
    }

    private static int EndOfLetters(ReadOnlySpan<char> text, int position)
    {
        while (position < text.Length && char.IsAsciiLetter(text[position]))
        {
            position++;
        }

        return position;
    }

    // Takes in what joins on. `last` is the Word_Break value before `position`, not counting what WB4 attaches.
    private static int Extend(ReadOnlySpan<char> text, int position, WordBreak last, ref WordSegment segment)
    {
        bool afterJoiner = last == WordBreak.ZWJ;
        bool oddIndicators = last == WordBreak.RegionalIndicator;
        while (position < text.Length)
        {
            if (last == WordBreak.ALetter && char.IsAsciiLetter(text[position]))
            {
                position = EndOfLetters(text, position); // WB5, the common case
                segment.HasWord = true;
                afterJoiner = false;
            }

            if (position == text.Length)
            {
                break;
            }

            WordTraits traits = WordBreakTable.At(text, position, out int units);
            WordBreak next = traits.Break;
            if (traits.IsAttached)
            {
                position += units; // WB4
                afterJoiner = next == WordBreak.ZWJ;
                continue;
            }

            if (last < WordBreak.RegionalIndicator && !afterJoiner)
            {
                return position; // nothing joins to what is no letter, number, connector or indicator
            }

            bool joins = Joins(last, next)
                || (afterJoiner && traits.IsPictographic) // WB3c
                || (oddIndicators && next == WordBreak.RegionalIndicator); // WB15, WB16
            if (!joins)
            {
                int far = AcrossMiddle(text, position + units, last, next, out WordTraits farTraits);
                if (far > 0)
                {
                    position = far;
                    next = farTraits.Break;
                    traits = farTraits;
                }
                else if (last == WordBreak.HebrewLetter && next == WordBreak.SingleQuote)
                {
                    position += units; // WB7a
                }
                else
                {
                    return position; // WB999
                }
            }
            else
            {
                position += units;
            }

            segment.Add(traits);
            oddIndicators = next == WordBreak.RegionalIndicator && !oddIndicators;
            afterJoiner = false;
            last = next;
        }

        return position;
    }

    // WB5, WB8 to WB10, WB13 to WB13b: what joins whatever comes after.
    private static bool Joins(WordBreak last, WordBreak next) => last switch
    {
        WordBreak.ALetter or WordBreak.HebrewLetter or WordBreak.Numeric =>
            next is WordBreak.ALetter or WordBreak.HebrewLetter or WordBreak.Numeric or WordBreak.ExtendNumLet,
        WordBreak.Katakana => next is WordBreak.Katakana or WordBreak.ExtendNumLet,
        WordBreak.ExtendNumLet =>
            next is WordBreak.ALetter or WordBreak.HebrewLetter or WordBreak.Numeric or WordBreak.Katakana or WordBreak.ExtendNumLet,
        _ => false,
    };

    // WB6, WB7, WB7b, WB7c, WB11, WB12: a middle character joins when the right character stands on both sides.
    // Returns the index after the far character, or 0.
    private static int AcrossMiddle(ReadOnlySpan<char> text, int position, WordBreak last, WordBreak middle, out WordTraits far)
    {
        far = default;
        bool letters = IsLetter(last) && middle is WordBreak.MidLetter or WordBreak.MidNumLet or WordBreak.SingleQuote;
        bool hebrew = last == WordBreak.HebrewLetter && middle == WordBreak.DoubleQuote;
        bool numbers = last == WordBreak.Numeric && middle is WordBreak.MidNum or WordBreak.MidNumLet or WordBreak.SingleQuote;
        if (!letters && !hebrew && !numbers)
        {
            return 0;
        }

        while (position < text.Length)
        {
            far = WordBreakTable.At(text, position, out int units);
            position += units;
            if (!far.IsAttached)
            {
                bool joins = (letters && IsLetter(far.Break))
                    || (hebrew && far.Break == WordBreak.HebrewLetter)
                    || (numbers && far.Break == WordBreak.Numeric);
                return joins ? position : 0;
            }
        }

        return 0;
    }

    private static bool IsLetter(WordBreak value) => value is WordBreak.ALetter or WordBreak.HebrewLetter;
}
