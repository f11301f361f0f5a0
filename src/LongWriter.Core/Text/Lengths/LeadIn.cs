namespace LongWriter.Text.Lengths;

/// <summary>Which side a length is bound on.</summary>
internal enum LengthBound
{
    /// <summary>Neither: as close as possible.</summary>
    None,

    /// <summary>Not less.</summary>
    Lower,

    /// <summary>Not more.</summary>
    Upper,
}

/// <summary>What stands right before a number: "the word count should be at least", "每篇不少于".</summary>
/// <param name="Start">First character of it; the number's own start where there is nothing.</param>
/// <param name="Bound">The bound it sets.</param>
/// <param name="Label">Whether a label for lengths is in it, and which unit the label names.</param>
/// <param name="IsTotal">"A total of", 共.</param>
/// <param name="IsEach">"Each", 各.</param>
internal readonly record struct LeadIn(int Start, LengthBound Bound, LeadInLabel Label, bool IsTotal, bool IsEach)
{
    private const int MostPhrases = 12;

    /// <summary>Reads backwards from <paramref name="numberStart"/>, phrase by phrase, for as long as phrases are known.</summary>
    public static LeadIn Read(FoldedText text, int numberStart)
    {
        var leadIn = new LeadIn(numberStart, LengthBound.None, LeadInLabel.None, false, false);
        int end = numberStart;
        for (int count = 0; count < MostPhrases; count++)
        {
            end = SkipSigns(text, end, ref leadIn);
            if (LeadInPhrases.Find(text, end) is not { } phrase)
            {
                break;
            }

            end -= phrase.Text.Length;
            leadIn = leadIn.With(phrase, text, ref end);
        }

        return leadIn.Bound == LengthBound.None && IsLimited(text, leadIn.Start) ? leadIn with { Bound = LengthBound.Upper } : leadIn;
    }

    /// <summary>"Limit the answer to 75 words".</summary>
    private static bool IsLimited(FoldedText text, int index)
    {
        if (!text.HasAt(index, "to") && text.PreviousWord(ref index) is not "to")
        {
            return false;
        }

        for (int count = 0; count < 4; count++)
        {
            if (text.PreviousWord(ref index) is "limit" or "keep" or "restrict" or "confine")
            {
                return true;
            }
        }

        return false;
    }

    private LeadIn With(LeadInPhrase phrase, FoldedText text, ref int end)
    {
        LengthBound bound = phrase.Bound;
        if (phrase.CanBeNegated && IsNegated(text, ref end))
        {
            bound = bound == LengthBound.Lower ? LengthBound.Upper : LengthBound.Lower;
        }

        return new LeadIn(
            end,
            Bound == LengthBound.None ? bound : Bound,
            Label == LeadInLabel.None ? phrase.Label : Label,
            IsTotal || phrase.IsTotal,
            IsEach || phrase.IsEach);
    }

    private static int SkipSigns(FoldedText text, int end, ref LeadIn leadIn)
    {
        while (text[end - 1] is var sign && " \t:([*_`|-~≈=<>≤≥\"".Contains(sign, StringComparison.Ordinal))
        {
            bool isBound = leadIn.Bound == LengthBound.None && sign is '<' or '>' or '≤' or '≥';
            leadIn = isBound ? leadIn with { Bound = sign is '<' or '≤' ? LengthBound.Upper : LengthBound.Lower, Start = end - 1 } : leadIn;
            end--;
        }

        return end;
    }

    private static bool IsNegated(FoldedText text, ref int end)
    {
        int index = end;
        for (int count = 0; count < 3; count++)
        {
            ReadOnlySpan<char> word = text.PreviousWord(ref index);
            if (word is "no" or "not" or "never" or "cannot" or "nothing" || word.EndsWith("n't"))
            {
                end = index;
                return true;
            }

            if (word is not ("be" or "to" or "go" or "have" or "contain" or "is" or "any" or "run" or "get"))
            {
                break;
            }
        }

        index = end;
        foreach (string auxiliary in LeadInPhrases.ChineseAuxiliaries)
        {
            if (text.HasAt(index - auxiliary.Length, auxiliary))
            {
                index -= auxiliary.Length;
                break;
            }
        }

        bool isNegated = text[index - 1] is '不' or '勿' or '别' or '莫' or '没';
        end = isNegated ? index - 1 : end;
        return isNegated;
    }
}
