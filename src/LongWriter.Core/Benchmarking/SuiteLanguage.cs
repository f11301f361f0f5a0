using LongWriter.Writing;

namespace LongWriter.Benchmarking;

/// <summary>The languages of suites, and which of them a prompt is in.</summary>
internal static class SuiteLanguage
{
    public const string English = "en";
    public const string Chinese = "zh";

    /// <summary>
    /// Chinese where the prompt begins with a Chinese character or is mostly Chinese, unless it says to write in English; English otherwise.
    /// The 60 released prompts of each language come out as they are sorted there: "用英文写" among the English ones, "英语作文" among the Chinese.
    /// </summary>
    public static string Of(string prompt) =>
        prompt.Contains("用英文", StringComparison.Ordinal) || prompt.Contains("用英语", StringComparison.Ordinal) ? English
        : BeginsChinese(prompt) || PromptLanguage.IsChinese(new WritingRequest { Instruction = prompt }) ? Chinese : English;

    private static bool BeginsChinese(string prompt) => prompt.FirstOrDefault(char.IsLetter) is >= '\u4E00' and <= '\u9FFF';
}
