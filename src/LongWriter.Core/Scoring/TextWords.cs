using LongWriter.Text;

namespace LongWriter.Scoring;

/// <summary>A word by the hash of its lower-case form, with its place in the text (UTF-16, end exclusive).</summary>
internal readonly record struct TextWord(ulong Hash, int Start, int End, bool IsChinese, bool IsNumber);

/// <summary>Cuts a text into words for comparing: runs of letters and digits, single characters of Chinese and the like. Signs are left out.</summary>
internal static class TextWords
{
    /// <summary>All words, in order.</summary>
    public static List<TextWord> Read(string text)
    {
        List<TextWord> words = [];
        var tokenizer = new RepetitionTokenizer();
        for (int i = 0; i <= text.Length; i++)
        {
            // A blank behind the text ends its last word.
            char c = i < text.Length ? char.ToLowerInvariant(text[i]) : ' ';
            if (tokenizer.TryAppend(c, i, out RepetitionToken first, out RepetitionToken second))
            {
                Add(first);
                Add(second);
            }
        }

        return words;

        void Add(RepetitionToken token)
        {
            if (token.Kind != RepetitionTokenKind.None && char.IsLetterOrDigit(text[token.Start]))
            {
                bool isChinese = text[token.Start] is (>= '\u4e00' and <= '\u9fff') or (>= '\u3400' and <= '\u4dbf');
                words.Add(new TextWord(token.Hash, token.Start, token.End, isChinese, token.Kind == RepetitionTokenKind.Symbol));
            }
        }
    }
}
