using LongWriter.Writing;

namespace LongWriter.Benchmarking;

/// <summary>The languages of suites, and which of them a prompt is in.</summary>
internal static class SuiteLanguage
{
    public const string English = "en";
    public const string Chinese = "zh";

    /// <summary>
    /// Chinese where the prompt begins with a Chinese character or is mostly Chinese, English otherwise. A Chinese prompt that asks for
    /// an English text is Chinese, as in the released files: their 60 prompts of each language come out as they are sorted there.
    /// </summary>
    public static string Of(string prompt) =>
        BeginsChinese(prompt) || PromptLanguage.IsChinese(new WritingRequest { Instruction = prompt }) ? Chinese : English;

    private static bool BeginsChinese(string prompt) => prompt.FirstOrDefault(char.IsLetter) is >= '\u4E00' and <= '\u9FFF';
}
