namespace LongWriter.Text.Lengths;

/// <summary>Finds lengths that hold for each of several items: "5 letters of 300 words each", "three 500-word essays", 五篇…每篇400字.</summary>
internal sealed class ItemReader(FoldedText text, List<NumberToken> numbers)
{
    private const int MostWordsBetween = 8;
    private const int MostCharactersBetween = 16;
    private const string ClauseEnds = "，。；;!?！？\n\r、,";

    private readonly ItemCounter counter = new(text, numbers);

    public bool IsPerItem(in Quantity quantity, out int? count)
    {
        if (TryReadMultiple(quantity, out count))
        {
            return true;
        }

        int itemStart = quantity.LeadOut.ItemStart;
        bool isEach = quantity.LeadOut.IsEach || quantity.LeadIn.IsEach || FindEach(quantity, ref itemStart);
        count = isEach ? counter.Find(quantity.First, itemStart) : 1;
        return isEach;
    }

    private bool FindEach(in Quantity quantity, ref int itemStart)
    {
        int index = quantity.LeadIn.Start;
        for (int distance = 0; distance < MostCharactersBetween && index > 0; distance++)
        {
            index--;
            if (ClauseEnds.Contains(text[index], StringComparison.Ordinal))
            {
                break;
            }

            if (text[index] == '每')
            {
                itemStart = index + 1;
                return true;
            }
        }

        index = BackOverSigns(quantity.LeadIn.Start);
        for (int count = 0; count < MostWordsBetween && !quantity.Unit.IsHyphenated; count++)
        {
            int wordEnd = index;
            if (text.PreviousWord(ref index) is "each" or "every")
            {
                itemStart = wordEnd;
                return true;
            }
        }

        return FindLeadingEach(quantity.LeadIn.Start, ref itemStart);
    }

    /// <summary>"For each city, write 300 words".</summary>
    private bool FindLeadingEach(int index, ref int itemStart)
    {
        for (int count = 0; count < MostWordsBetween && !text.PreviousWord(ref index).IsEmpty; count++)
        {
        }

        if (text[index - 1] != ',')
        {
            return false;
        }

        index--;
        for (int count = 0; count < MostWordsBetween; count++)
        {
            int wordEnd = index;
            if (text.PreviousWord(ref index) is "each" or "every")
            {
                itemStart = wordEnd;
                return text.PreviousWord(ref index) is "for" or "in";
            }
        }

        return false;
    }

    /// <summary>A count that stands right before the length: "5 x 300 words", "three short 500-word essays", "5 poems of 100 words".</summary>
    private bool TryReadMultiple(in Quantity quantity, out int? count)
    {
        count = 1;
        if (quantity.First == 0)
        {
            return false;
        }

        NumberToken previous = numbers[quantity.First - 1];
        NumberToken number = numbers[quantity.First];
        if (ItemCounter.CountOf(text, previous) is not { } items || number.Start - previous.End > 60)
        {
            return false;
        }

        bool isProduct = text.Span[previous.End..number.Start].Trim() is "x" or "×" or "*";
        bool isMultiple = quantity.Unit.IsHyphenated && items <= 100 && IsAdjectives(previous.End, number.Start);
        bool isOf = text.HasAt(quantity.LeadIn.Start, "of") && IsPlural(quantity.LeadIn.Start, previous.End);
        count = isProduct || isMultiple || isOf ? items : 1;
        return isProduct || isMultiple || isOf;
    }

    private bool IsAdjectives(int start, int end)
    {
        int index = start;
        while (index < end)
        {
            ReadOnlySpan<char> word = text.NextWord(ref index);
            if (index >= end)
            {
                break;
            }

            if (word.IsEmpty || word.Length < 4 || word is "with" or "from" or "about" or "into" or "that")
            {
                return false;
            }
        }

        return true;
    }

    private bool IsPlural(int end, int start)
    {
        int index = end;
        ReadOnlySpan<char> noun = text.PreviousWord(ref index);
        bool isPlural = noun is [.., 's'] && !Vocabulary.Measures.Contains(noun);
        for (int count = 0; count < 2 && index > start + 1; count++)
        {
            text.PreviousWord(ref index);
        }

        return isPlural && index <= start + 1;
    }

    private int BackOverSigns(int index)
    {
        while (text[index - 1] is ' ' or ':' or '(' or '*' or '-')
        {
            index--;
        }

        return index;
    }
}
