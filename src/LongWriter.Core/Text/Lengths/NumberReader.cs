namespace LongWriter.Text.Lengths;

/// <summary>Finds every number in an instruction, in one pass: digits, English number words, Chinese numerals.</summary>
internal static class NumberReader
{
    public static List<NumberToken> ReadAll(FoldedText text)
    {
        var numbers = new List<NumberToken>();
        int index = 0;
        while (index < text.Length)
        {
            char character = text[index];
            int end;
            NumberToken? number;
            if (char.IsAsciiDigit(character))
            {
                number = DigitNumbers.Read(text, index, out end);
            }
            else if (ChineseNumbers.IsNumeral(character))
            {
                number = ChineseNumbers.Read(text, index, out end);
            }
            else if (char.IsAsciiLetter(character))
            {
                number = EnglishNumbers.Read(text, index, out end);
            }
            else
            {
                index++;
                continue;
            }

            if (number is { } found)
            {
                numbers.Add(found);
            }

            index = end;
        }

        return numbers;
    }
}
