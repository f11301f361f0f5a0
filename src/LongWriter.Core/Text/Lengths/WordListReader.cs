namespace LongWriter.Text.Lengths;

/// <summary>Finds numbers of words that are no length: "3 words that describe", 三个四字成语, "worth a thousand words".</summary>
internal static class WordListReader
{
    private const int FewWords = 20;
    private const int SomeWords = 100;

    private static readonly string[] ChineseNouns =
    [
        "成语", "的成语", "词语", "的词语", "短语", "的短语", "标题", "的标题", "口号", "的口号", "书名", "的书名", "名字", "的名字", "名称", "的名称",
        "网名", "口诀", "真言", "经", "谚语", "格言", "对联", "的词", "的词汇", "密码", "诗", "的诗",
    ];

    public static bool IsWordList(FoldedText text, in Quantity quantity, int start)
    {
        int before = start;
        ReadOnlySpan<char> previous = text.PreviousWord(ref before);
        previous = previous is "a" or "an" ? text.PreviousWord(ref before) : previous;
        if (previous is "worth" or "paints" or "paint" or "speaks" or "says")
        {
            return true;
        }

        if (quantity.Unit.IsPages && IsOnScreen(text, quantity.Unit.End))
        {
            return true;
        }

        if (quantity.Low == 1 && quantity.High == 1 && !quantity.Unit.IsHyphenated && previous is not ("in" or "exactly" or "least"))
        {
            return true; // "do not change one word"
        }

        int after = quantity.Unit.End;
        ReadOnlySpan<char> next = text.NextWord(ref after);
        bool isEnglish = !quantity.Unit.IsHyphenated && quantity.Unit.Unit == LengthUnit.Words;
        if (isEnglish && quantity.High < SomeWords && Vocabulary.Selectors.Contains(next))
        {
            return true;
        }

        return quantity.High < FewWords
            && ((isEnglish && Vocabulary.ListingVerbs.Contains(previous)) || IsChineseList(text, quantity, start) || IsTitle(quantity, previous, next));
    }

    /// <summary>"With a 3-word title" asks for a title; "suggest a 3-word title" asks for nothing else.</summary>
    private static bool IsTitle(in Quantity quantity, ReadOnlySpan<char> previous, ReadOnlySpan<char> next) =>
        quantity.Unit.IsHyphenated
        && next is "title" or "titles" or "headline" or "slogan" or "tagline" or "name" or "phrase" or "phrases" or "heading" or "password"
        && previous is "with" or "include" or "including" or "and" or "under" or "using" or "add";

    /// <summary>Pages of slides and of web sites hold no fixed number of words.</summary>
    private static bool IsOnScreen(FoldedText text, int index)
    {
        for (int count = 0; count < 4; count++)
        {
            if (text.NextWord(ref index) is "slide" or "slides" or "deck" or "presentation" or "powerpoint" or "website" or "site")
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsChineseList(FoldedText text, in Quantity quantity, int start)
    {
        if (quantity.Unit.IsCounted && text[start - 1] is '用' or '以' or '这' or '那')
        {
            return true;
        }

        foreach (string noun in ChineseNouns)
        {
            if (text.HasAt(quantity.Unit.End, noun))
            {
                return true;
            }
        }

        return false;
    }
}
