namespace LongWriter.Text.Lengths;

/// <summary>Finds lengths of parts: "Introduction: 200 words", "Part 2, 500 words", "an essay with a 200-word summary", 其中案例500字.</summary>
internal sealed class PartReader(FoldedText text)
{
    private const int MostDistance = 80;
    private const int MostNameDistance = 24;
    private const string SentenceEnds = "。；;!?！？\n\r";
    private const string ClauseEnds = SentenceEnds + "，,、";

    private static readonly string[] ChineseNumberedParts = ["部分", "部", "章", "段", "节", "篇", "幕", "集", "回", "封", "天", "场", "卷"];

    public bool IsPart(in Quantity quantity, int start)
    {
        int sentence = FindStart(quantity.LeadIn.Start, SentenceEnds);
        int clause = FindStart(quantity.LeadIn.Start, ClauseEnds);
        return IsNumbered(sentence) || IsNumbered(clause) || IsNamed(sentence, clause, start) || IsNamedBefore(quantity.LeadIn.Start) || IsJoined(quantity, start) || IsWithin(clause);
    }

    private bool IsNumbered(int index)
    {
        if (text[index] == '第')
        {
            index++;
            while (ChineseNumbers.IsNumeral(text[index]) || char.IsAsciiDigit(text[index]))
            {
                index++;
            }

            return Array.Exists(ChineseNumberedParts, part => text.HasAt(index, part));
        }

        ReadOnlySpan<char> word = text.NextWord(ref index);
        ReadOnlySpan<char> number = text.NextWord(ref index);
        bool isNumber = number is "one" or "two" or "three" or "four" or "five" or "i" or "ii" or "iii" or "iv" or "v"
            || (number.Length is 1 or 2 && char.IsAsciiDigit(number[0]));
        return isNumber && Vocabulary.NumberedParts.Contains(word);
    }

    private bool IsNamed(int sentence, int clause, int start)
    {
        bool isFar = start - sentence > MostNameDistance;
        foreach (int place in isFar ? [clause] : (ReadOnlySpan<int>)[sentence, clause])
        {
            if (start - place > MostNameDistance)
            {
                continue;
            }

            int index = place;
            ReadOnlySpan<char> word = text.NextWord(ref index);
            while (word is "the" or "an" or "a" or "and" or "your" or "its" or "then" or "short")
            {
                word = text.NextWord(ref index);
            }

            if (Vocabulary.NamedParts.Contains(word) || Array.Exists(Vocabulary.ChineseParts, part => text.HasAt(place, part)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>开头100字: the name right before the length.</summary>
    private bool IsNamedBefore(int start) => Array.Exists(Vocabulary.ChineseParts, part => text.HasAt(start - part.Length, part));

    private bool IsJoined(in Quantity quantity, int start)
    {
        int index = start;
        bool hasArticle = text.PreviousWord(ref index) is "a" or "an" or "one";
        return quantity.Unit.IsHyphenated
            && hasArticle
            && quantity.LeadOut.Bound is null
            && Vocabulary.Joiners.Contains(text.PreviousWord(ref index));
    }

    private bool IsWithin(int clause) => text.HasAt(clause, "其中");

    /// <summary>The first character after the nearest end of a sentence or clause before <paramref name="index"/>, past list marks.</summary>
    private int FindStart(int index, string ends)
    {
        int first = Math.Max(0, index - MostDistance);
        while (index > first && !ends.Contains(text[index - 1], StringComparison.Ordinal) && !(text[index - 1] == ' ' && text[index - 2] == '.'))
        {
            index--;
        }

        while (index < text.Length && (text[index] is ' ' or '-' or '*' or '#' or '•' or '\t'))
        {
            index++;
        }

        return index;
    }
}
