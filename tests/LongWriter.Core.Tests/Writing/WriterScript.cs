using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LongWriter.Testing;

namespace LongWriter.Core.Tests.Writing;

/// <summary>A scripted model that answers our prompts as a good one would: a plan when asked for one, a section of the asked length otherwise.</summary>
internal static partial class WriterScript
{
    /// <summary>The reply to a call.</summary>
    public static string Reply(ScriptedCall call) => IsPlanning(call) ? Plan(4, 500) : Section(call);

    public static bool IsPlanning(ScriptedCall call) => call.Messages[0].Text.StartsWith("You are planning", StringComparison.Ordinal);

    /// <summary>A plan of equal sections in the form that is asked for.</summary>
    public static string Plan(int sections, int words) => string.Join('\n', Enumerable.Range(1, sections).Select(
        number => $"Paragraph {number} - Main Point: point number {number} - Word Count: {words} words"));

    /// <summary>True for a call that names a step of the plan; one that asks for what is missing does not.</summary>
    public static bool HasStep(ScriptedCall call) => Step().IsMatch(call.LastText);

    /// <summary>The number of the step that a call asks for.</summary>
    public static int StepOf(ScriptedCall call) => int.Parse(Step().Matches(call.LastText)[^1].Groups[1].Value, CultureInfo.InvariantCulture);

    /// <summary>A section of the asked number of words, different for each step.</summary>
    public static string Section(ScriptedCall call)
    {
        Match step = Step().Matches(call.LastText).LastOrDefault() ?? throw new InvalidOperationException($"No step in: {call.LastText}");
        return Prose(int.Parse(step.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(step.Groups[2].Value, CultureInfo.InvariantCulture));
    }

    /// <summary>Numbered words, which never repeat, in sentences of ten.</summary>
    public static string Prose(int section, int words)
    {
        var text = new StringBuilder();
        for (int i = 0; i < words; i++)
        {
            string word = Word((section * 100_000) + i);
            text.Append(i % 10 == 0 ? (i == 0 ? "" : i % 50 == 0 ? ".\n\n" : ". ") + char.ToUpperInvariant(word[0]) + word[1..] : " " + word);
        }

        return text.Append('.').ToString();
    }

    /// <summary>A word of letters only that is different for each number.</summary>
    private static string Word(int number)
    {
        var word = new StringBuilder("w");
        for (; number > 0; number /= 26)
        {
            word.Append((char)('a' + (number % 26)));
        }

        return word.ToString();
    }

    [GeneratedRegex(@"Paragraph (\d+) - .*?Word Count: (\d+) words")]
    private static partial Regex Step();
}
