namespace LongWriter.Text.Lengths;

/// <summary>Finds lengths of texts that are already there, or that the document is only about.</summary>
internal sealed class SourceReader(FoldedText text)
{
    private const int WordsLookedAt = 8;

    private static readonly string[] ChinesePointers = ["这篇", "这份", "这段", "这个", "那篇", "该", "该篇", "下面", "以下", "上述", "我的", "附上的", "已有的", "写了", "原文", "原稿", "初稿"];

    private static readonly string[] ChineseOriginals = ["原文", "原稿", "初稿", "原作", "写了", "现有", "原有", "已写"];

    /// <summary>"Summarize this 5,000-word report": the report is there.</summary>
    public bool IsSource(in Quantity quantity, int start)
    {
        if (EndsWithAny(start, ChinesePointers) || EndsWithAny(quantity.LeadIn.Start, ChineseOriginals) || IsRevisedFrom(start))
        {
            return true;
        }

        int index = start;
        ReadOnlySpan<char> word = text.PreviousWord(ref index);
        if (Vocabulary.Pointers.Contains(word))
        {
            return true;
        }

        if (quantity.Unit.IsPages && (IsObjectOfPreposition(start) || text.HasAt(start - "in a ".Length, "in a ")))
        {
            return true;
        }

        bool isNamed = word is "the";
        bool isFrom = word is "from";
        for (int count = 0; count < WordsLookedAt && !word.IsEmpty; count++)
        {
            bool isRevised = (isNamed || isFrom) && Vocabulary.RevisingVerbs.Contains(word);
            if (isRevised || word is "original" or "originally" or "currently" or "already" or "wrote")
            {
                return true;
            }

            word = text.PreviousWord(ref index);
        }

        return false;
    }

    /// <summary>"The outline of a 10,000-word novel": the novel is not asked for, unless nothing else is stated.</summary>
    public bool IsMentioned(in Quantity quantity, int start) => quantity.Unit.IsHyphenated && IsObjectOfPreposition(start);

    private bool IsObjectOfPreposition(int start)
    {
        int index = start;
        ReadOnlySpan<char> word = text.PreviousWord(ref index);
        if (word is "a" or "an" or "the")
        {
            word = text.PreviousWord(ref index);
        }

        return word is "of" or "about" or "on" or "from" or "for" or "first" or "last";
    }

    private bool IsRevisedFrom(int start)
    {
        bool isFrom = text[start - 1] == '从' || text[start - 1] == '由';
        int from = Math.Max(0, start - 12);
        int to = Math.Min(text.Length, start + 16);
        return isFrom && text.Span[from..to].IndexOfAny(Vocabulary.ChineseRevisions) >= 0;
    }

    private bool EndsWithAny(int end, string[] phrases)
    {
        foreach (string phrase in phrases)
        {
            if (text.HasAt(end - phrase.Length, phrase))
            {
                return true;
            }
        }

        return false;
    }
}
