using System.Collections.Frozen;

namespace LongWriter.Text.Lengths;

/// <summary>Number words: "two thousand five hundred", "a thousand", "twelve hundred".</summary>
internal static class EnglishNumbers
{
    private const int MostWords = 16;

    private static readonly FrozenDictionary<string, int> Values = new Dictionary<string, int>
    {
        ["one"] = 1, ["two"] = 2, ["three"] = 3, ["four"] = 4, ["five"] = 5, ["six"] = 6, ["seven"] = 7, ["eight"] = 8,
        ["nine"] = 9, ["ten"] = 10, ["eleven"] = 11, ["twelve"] = 12, ["thirteen"] = 13, ["fourteen"] = 14, ["fifteen"] = 15,
        ["sixteen"] = 16, ["seventeen"] = 17, ["eighteen"] = 18, ["nineteen"] = 19, ["twenty"] = 20, ["thirty"] = 30,
        ["forty"] = 40, ["fifty"] = 50, ["sixty"] = 60, ["seventy"] = 70, ["eighty"] = 80, ["ninety"] = 90,
        ["dozen"] = 12, ["hundred"] = 100, ["thousand"] = 1000, ["million"] = 1_000_000, ["billion"] = 1_000_000_000,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Words =
        Values.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Reads the number word at <paramref name="start"/>; without one, <paramref name="end"/> is past the word.</summary>
    public static NumberToken? Read(FoldedText text, int start, out int end)
    {
        end = start;
        ReadOnlySpan<char> word = text.NextWord(ref end);
        if (!Words.TryGetValue(word, out int value) || IsVague(text, start, value))
        {
            return null;
        }

        decimal total = 0;
        decimal group = 0;
        int last = 0;
        int next = end;
        for (int count = 0; count < MostWords; count++)
        {
            if (value >= 1000)
            {
                total = NumberToken.Saturate(total + (Math.Max(group, 1) * value));
                group = 0;
            }
            else if (word is "hundred" or "dozen")
            {
                group = Math.Max(group, 1) * value;
            }
            else
            {
                group += value;
            }

            last = value;
            end = next;
            if (!TryContinue(text, last, ref next, out value, out word))
            {
                break;
            }
        }

        decimal sum = NumberToken.Saturate(total + group);
        return new NumberToken(start, end, sum, sum, last >= 100 ? last : 1);
    }

    /// <summary>Reads " thousand" or "-million" behind digits; 1 without one.</summary>
    public static decimal ReadScale(FoldedText text, ref int end)
    {
        int index = end;
        if (text[index] is not (' ' or '-'))
        {
            return 1;
        }

        ReadOnlySpan<char> word = text.NextWord(ref index);
        if (word is not ("hundred" or "thousand" or "million" or "billion"))
        {
            return 1;
        }

        end = index;
        return Words[word];
    }

    private static bool TryContinue(FoldedText text, int last, ref int index, out int value, out ReadOnlySpan<char> word)
    {
        value = 0;
        word = default;
        if (text[index] is not (' ' or '-'))
        {
            return false;
        }

        word = text.NextWord(ref index);
        if (word is "and" && last >= 100)
        {
            word = text.NextWord(ref index);
        }

        bool isScale = word is "hundred" or "thousand" or "million" or "billion" or "dozen";
        return Words.TryGetValue(word, out value) && (isScale || last >= 100 || (last is >= 20 and < 100 && value < 10));
    }

    /// <summary>"Several thousand" says no number.</summary>
    private static bool IsVague(FoldedText text, int start, int value)
    {
        int index = start;
        return value >= 100 && text.PreviousWord(ref index) is ("several" or "few" or "many" or "of");
    }
}
