namespace LongWriter.Writing;

/// <summary>Chooses the language of the prompts.</summary>
internal static class PromptLanguage
{
    /// <summary>True when the request's language is Chinese, or it names none and the instruction is mostly Chinese characters.</summary>
    public static bool IsChinese(WritingRequest request)
    {
        if (!string.IsNullOrWhiteSpace(request.Language))
        {
            string language = request.Language.Trim();
            return language.StartsWith("zh", StringComparison.OrdinalIgnoreCase)
                || language.Contains("chinese", StringComparison.OrdinalIgnoreCase)
                || language.Contains('中')
                || language.Contains('汉')
                || language.Contains('漢');
        }

        int chinese = 0, latin = 0, kana = 0;
        foreach (char c in request.Instruction)
        {
            chinese += c is >= '\u4e00' and <= '\u9fff' ? 1 : 0;
            kana += c is >= '\u3040' and <= '\u30ff' ? 1 : 0;
            latin += char.IsAsciiLetter(c) ? 1 : 0;
        }

        // A Chinese character says about as much as two Latin letters and a half; kana means Japanese.
        return kana == 0 && chinese * 2.5 > latin && chinese > 0;
    }
}
