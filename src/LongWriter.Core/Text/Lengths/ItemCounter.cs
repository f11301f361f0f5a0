namespace LongWriter.Text.Lengths;

/// <summary>Finds how many items there are for a length that holds for each: the 8 of "8 chapters" for "each chapter".</summary>
internal sealed class ItemCounter(FoldedText text, List<NumberToken> numbers)
{
    private const int MostNumbers = 24;
    private const int MostDistance = 600;

    /// <summary>A number as a count of items, or null: fractions, dates, ordinals and single items are none.</summary>
    public static int? CountOf(FoldedText text, NumberToken number)
    {
        bool isCount = number.Low == number.High && number.Low is >= 2 and <= 1000 && decimal.IsInteger(number.Low);
        bool isOrdinal = text[number.Start - 1] is '第' or '每' or '$' or '#' or '.';
        int index = number.Start;
        return isCount && !isOrdinal && !Vocabulary.NumberedParts.Contains(text.PreviousWord(ref index)) ? (int)number.Low : null;
    }

    /// <summary>The count, or null where the instruction does not say it.</summary>
    /// <param name="number">Index of the length's number.</param>
    /// <param name="itemStart">Where the item's name starts, or -1.</param>
    public int? Find(int number, int itemStart)
    {
        string? item = itemStart < 0 ? null : ReadItem(itemStart);
        if (item is not null && Search(number, candidate => IsCountOf(candidate, item)) is { } named)
        {
            return named;
        }

        bool isTime = item is "day" or "week" or "天" or "周";
        return isTime ? null : Search(number, candidate => candidate.Start < numbers[number].Start && IsCountOfThings(candidate));
    }

    private int? Search(int number, Func<NumberToken, bool> isCount)
    {
        int place = numbers[number].Start;
        for (int index = number - 1; index >= Math.Max(0, number - MostNumbers) && place - numbers[index].End < MostDistance; index--)
        {
            if (CountOf(text, numbers[index]) is { } count && isCount(numbers[index]))
            {
                return count;
            }
        }

        for (int index = number + 1; index < Math.Min(numbers.Count, number + MostNumbers) && numbers[index].Start - place < MostDistance; index++)
        {
            if (CountOf(text, numbers[index]) is { } count && isCount(numbers[index]))
            {
                return count;
            }
        }

        return null;
    }

    private string? ReadItem(int start)
    {
        int index = text.SkipBlanks(start);
        if (char.IsAsciiLetter(text[index]))
        {
            ReadOnlySpan<char> word = text.NextWord(ref index);
            return word is "of" or "with" or "about" or "in" or "and" || word.Length < 3 ? null : word.TrimEnd('s').ToString();
        }

        index += text[index] == '一' ? 1 : 0;
        if (Vocabulary.Classifiers.Contains(text[index], StringComparison.Ordinal) && text[index] != '个' && text[index] != '\0')
        {
            return text[index].ToString();
        }

        index += text[index] == '个' ? 1 : 0;
        int length = char.IsLetter(text[index + 1]) && !ChineseNumbers.IsNumeral(text[index + 1]) ? 2 : 1;
        return char.IsLetter(text[index]) ? text.Span.Slice(index, length).ToString() : null;
    }

    private bool IsCountOf(NumberToken number, string item)
    {
        if (!char.IsAsciiLetter(item[0]))
        {
            int start = number.End + (text[number.End] == '个' ? 1 : 0);
            int reach = item.Length == 1 ? 1 : 8;
            return start < text.Length && text.Span.Slice(start, Math.Min(reach, text.Length - start)).IndexOf(item) >= 0;
        }

        ReadOnlySpan<char> stem = item.EndsWith('y') ? item.AsSpan(0, item.Length - 1) : item;
        int index = number.End;
        for (int count = 0; count < 4; count++)
        {
            ReadOnlySpan<char> word = text.NextWord(ref index);
            if (word.StartsWith(stem) && word.Length <= item.Length + 3)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsCountOfThings(NumberToken number)
    {
        if (Vocabulary.Classifiers.Contains(text[number.End], StringComparison.Ordinal) && text[number.End] != '\0')
        {
            return !UnitReader.TryRead(text, number.End, out _);
        }

        int index = number.End;
        for (int count = 0; count < 4; count++)
        {
            ReadOnlySpan<char> word = text.NextWord(ref index);
            if (word.IsEmpty || Vocabulary.Measures.Contains(word) || word is "of" or "in" or "and" or "for" or "to")
            {
                return false;
            }

            if (word is [_, _, .., not 's', 's'])
            {
                return true;
            }
        }

        return false;
    }
}
