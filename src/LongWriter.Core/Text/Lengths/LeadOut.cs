namespace LongWriter.Text.Lengths;

/// <summary>What stands right behind a length: "or more, in total", "以上", "per chapter".</summary>
/// <param name="End">Past the last character of it.</param>
/// <param name="Bound">The bound it sets; null where it says none, so that a bound before the number counts.</param>
/// <param name="IsTotal">"In total".</param>
/// <param name="IsRate">"Per minute".</param>
/// <param name="IsEach">"Each", "per chapter", 每篇.</param>
/// <param name="ItemStart">Where the item's name starts ("chapter"), or -1.</param>
internal readonly record struct LeadOut(int End, LengthBound? Bound, bool IsTotal, bool IsRate, bool IsEach, int ItemStart)
{
    private static readonly (string Text, LengthBound Bound)[] Bounds =
    [
        ("or more", LengthBound.Lower), ("or longer", LengthBound.Lower), ("or above", LengthBound.Lower), ("or over", LengthBound.Lower),
        ("and above", LengthBound.Lower), ("and up", LengthBound.Lower), ("and over", LengthBound.Lower), ("minimum", LengthBound.Lower), ("min", LengthBound.Lower),
        ("+", LengthBound.Lower), ("plus", LengthBound.Lower), ("or less", LengthBound.Upper), ("or fewer", LengthBound.Upper), ("or under", LengthBound.Upper),
        ("or below", LengthBound.Upper), ("or shorter", LengthBound.Upper), ("maximum", LengthBound.Upper), ("max", LengthBound.Upper), ("tops", LengthBound.Upper),
        ("limit", LengthBound.Upper), ("cap", LengthBound.Upper), ("ceiling", LengthBound.Upper),
        ("及以上", LengthBound.Lower), ("或以上", LengthBound.Lower), ("以上", LengthBound.Lower), ("之上", LengthBound.Lower), ("起步", LengthBound.Lower), ("往上", LengthBound.Lower),
        ("及以内", LengthBound.Upper), ("以内", LengthBound.Upper), ("之内", LengthBound.Upper), ("及以下", LengthBound.Upper), ("以下", LengthBound.Upper), ("内", LengthBound.Upper),
        ("封顶", LengthBound.Upper), ("为限", LengthBound.Upper), ("左右", LengthBound.None), ("上下", LengthBound.None), ("or so", LengthBound.None),
    ];

    private static readonly string[] Fillers = ["long", "in length", "或者", "为宜", "即可"];

    private static readonly string[] Totals = ["in total", "total", "overall", "altogether", "in all", "combined"];

    public static LeadOut Read(FoldedText text, int end)
    {
        var leadOut = new LeadOut(end, null, false, false, false, -1);
        for (int count = 0; count < 4; count++)
        {
            int next = Skip(text, leadOut.End);
            if (leadOut.Bound is null && FindBound(text, next, out LengthBound bound, out int boundEnd))
            {
                leadOut = leadOut with { End = boundEnd, Bound = bound };
            }
            else if (Find(text, next, Totals) is > 0 and var totalLength)
            {
                leadOut = leadOut with { End = next + totalLength, IsTotal = true };
            }
            else if (Find(text, next, Fillers) is > 0 and var fillerLength)
            {
                leadOut = leadOut with { End = next + fillerLength };
            }
            else
            {
                break;
            }
        }

        return ReadItem(text, leadOut);
    }

    private static bool FindBound(FoldedText text, int index, out LengthBound bound, out int end)
    {
        foreach ((string phrase, LengthBound value) in Bounds)
        {
            if (text.HasAt(index, phrase))
            {
                (bound, end) = (value, index + phrase.Length);
                return true;
            }
        }

        bool isLeast = text.HasAt(index, "at least") || text.HasAt(index, "at minimum");
        bool isMost = text.HasAt(index, "at most");
        end = index + (isMost ? "at most".Length : "at least".Length);
        bound = isMost ? LengthBound.Upper : LengthBound.Lower;
        return (isLeast || isMost) && !char.IsLetterOrDigit(text[text.SkipBlanks(end)]);
    }

    private static LeadOut ReadItem(FoldedText text, LeadOut leadOut)
    {
        int index = text.SkipBlanks(leadOut.End);
        if (text[index] is '/' or '每')
        {
            int itemStart = text.SkipBlanks(index + 1);
            bool isMinute = text.HasAt(itemStart, "min") || text.HasAt(itemStart, "minute") || text.HasAt(itemStart, "分钟");
            return leadOut with { IsRate = isMinute, IsEach = !isMinute, ItemStart = itemStart };
        }

        ReadOnlySpan<char> word = text.NextWord(ref index);
        word = word is "for" or "in" or "on" ? text.NextWord(ref index) : word;
        int afterWord = index;
        ReadOnlySpan<char> item = text.NextWord(ref index);
        if (word is "per" or "a" or "an" or "every" && item is "minute" or "second" or "hour" or "min")
        {
            return leadOut with { IsRate = true };
        }

        bool isEach = word is "each" or "per" or "every" or "apiece";
        return isEach ? leadOut with { End = afterWord, IsEach = true, ItemStart = text.SkipBlanks(afterWord) } : leadOut;
    }

    private static int Skip(FoldedText text, int index)
    {
        while (text[index] is ' ' or '-' or '(' or '*')
        {
            index++;
        }

        return text[index] == ',' && text[index + 1] == ' ' && FindBound(text, index + 2, out _, out int end) && !char.IsLetterOrDigit(text[text.SkipBlanks(end)])
            ? index + 2
            : index;
    }

    private static int Find(FoldedText text, int index, string[] phrases)
    {
        foreach (string phrase in phrases)
        {
            if (text.HasAt(index, phrase))
            {
                return phrase.Length;
            }
        }

        return 0;
    }
}
