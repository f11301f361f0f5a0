using System.Collections.Frozen;

namespace LongWriter.Text.Lengths;

/// <summary>What follows a number and makes it a length.</summary>
/// <param name="Unit">What is counted.</param>
/// <param name="End">Past the unit.</param>
/// <param name="IsHyphenated">"500-word", which describes a thing named next.</param>
/// <param name="IsPages">Pages, which stand for words.</param>
/// <param name="IsCounted">个字, 个词: how few words are counted.</param>
/// <param name="Bound">A bound inside: "500+ words", "500 or more words".</param>
internal readonly record struct UnitMark(LengthUnit Unit, int End, bool IsHyphenated, bool IsPages, bool IsCounted, LengthBound Bound);

/// <summary>Reads the unit behind a number: words, pages, 字, 词.</summary>
internal static class UnitReader
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Languages =
        new[] { "english", "chinese", "french", "german", "spanish", "italian", "total" }.ToFrozenSet().GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly string[] ChineseAdjectives = ["中文", "英文", "英语", "汉"];

    /// <summary>
    /// Words that begin with 字 and count something else (字母, 字节), each with the characters that make it another word after all: 800字母亲节演讲.
    /// </summary>
    private static readonly FrozenDictionary<char, string> NotCharacters = new Dictionary<char, string>
    {
        ['母'] = "亲爱女子", ['节'] = "日目气选奏能约", ['符'] = "合", ['典'] = "型故范礼", ['体'] = "会裁验育现检", ['段'] = "落子",
        ['条'] = "目例款", ['形'] = "象式容势", ['经'] = "验历典济营过", ['号'] = "召", ['幕'] = "后", ['词'] = "", ['帖'] = "子", ['库'] = "存",
    }.ToFrozenDictionary();

    /// <summary>Reads the unit that follows a number ending at <paramref name="index"/>.</summary>
    public static bool TryRead(FoldedText text, int index, out UnitMark mark)
    {
        LengthBound bound = ReadInnerBound(text, ref index);
        bool isHyphenated = text[index] == '-' || text[text.SkipBlanks(index)] == '-';
        index = SkipJoin(text, index);
        if (char.IsAsciiLetter(text[index]))
        {
            return TryReadEnglish(text, index, isHyphenated, bound, out mark);
        }

        bool isCounted = text[index] == '个';
        index = text.SkipBlanks(isCounted ? index + 1 : index);
        foreach (string adjective in ChineseAdjectives)
        {
            index += text.HasAt(index, adjective) ? adjective.Length : 0;
        }

        return TryReadChinese(text, index, isCounted, bound, out mark);
    }

    private static LengthBound ReadInnerBound(FoldedText text, ref int index)
    {
        if (text[index] is '余' or '多' or '来')
        {
            index++;
            return LengthBound.None;
        }

        int next = index;
        if (text[text.SkipBlanks(index)] == '+')
        {
            index = text.SkipBlanks(index) + 1;
            return LengthBound.Lower;
        }

        ReadOnlySpan<char> first = text.NextWord(ref next);
        if (first is "plus")
        {
            index = next;
            return LengthBound.Lower;
        }

        ReadOnlySpan<char> second = first is "or" ? text.NextWord(ref next) : default;
        if (second is "more" or "less" or "fewer")
        {
            index = next;
            return second is "more" ? LengthBound.Lower : LengthBound.Upper;
        }

        return LengthBound.None;
    }

    private static bool TryReadEnglish(FoldedText text, int index, bool isHyphenated, LengthBound bound, out UnitMark mark)
    {
        int end = index;
        ReadOnlySpan<char> word = text.NextWord(ref end);
        bool isLanguage = Languages.Contains(word);
        bool isChinese = word is "chinese";
        word = isLanguage ? text.NextWord(ref end) : word;
        bool isCharacters = word is "hanzi" || (isChinese && word is "characters" or "character");
        bool isWords = word is "word" or "words";
        bool isPages = word is "page" or "pages" && !isLanguage;
        mark = new UnitMark(isCharacters ? LengthUnit.Characters : LengthUnit.Words, end, isHyphenated, isPages, false, bound);
        return isCharacters || isWords || isPages;
    }

    private static bool TryReadChinese(FoldedText text, int index, bool isCounted, LengthBound bound, out UnitMark mark)
    {
        char next = text[index + 1];
        mark = new UnitMark(LengthUnit.Characters, index + 1, false, false, isCounted, bound);
        if (text[index] == '字')
        {
            mark = next == '数' ? mark with { End = index + 2 } : mark;
            return !NotCharacters.TryGetValue(next, out string? exceptions)
                || (text[index + 2] != '\0' && exceptions.Contains(text[index + 2], StringComparison.Ordinal));
        }

        bool isLong = text.HasAt(index, "单词");
        int end = index + (isLong ? 2 : 1);
        mark = mark with { Unit = LengthUnit.Words, End = end };
        return (isLong || text[index] == '词') && !"语汇组条典性根缀频牌曲义类".Contains(text[end], StringComparison.Ordinal);
    }

    private static int SkipJoin(FoldedText text, int index)
    {
        while (text[index] is ' ' or '-')
        {
            index++;
        }

        return index;
    }
}
