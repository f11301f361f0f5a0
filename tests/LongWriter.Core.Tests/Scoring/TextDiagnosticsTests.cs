using System.Diagnostics;
using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LongWriter.Scoring;

namespace LongWriter.Tests.Scoring;

public sealed class TextDiagnosticsTests
{
    [Fact]
    public void Measure_RepeatedFourGrams_AreAShareOfAll()
    {
        // Ten words make seven 4-grams; the last of them, "a b c d", is the first again.
        Assert.Equal(1.0 / 7, TextDiagnostics.Measure("A b, c d e f: a B c d.").RepeatedFourGrams!.Value, 1e-12);
        Assert.Equal(0, TextDiagnostics.Measure("One two three four five.").RepeatedFourGrams);
        Assert.Null(TextDiagnostics.Measure("One two three.").RepeatedFourGrams);
    }

    [Fact]
    public void Measure_Sections_TellRepetitionWithinFromAcross()
    {
        string[] sections = ["a b c d x a b c d", "a b c d y z"];

        TextDiagnosticsResult result = TextDiagnostics.Measure(string.Join("\n\n", sections), sections);

        // Six and three 4-grams; "a b c d" comes again once in the first section and once in the second.
        Assert.Equal((1.0 / 9, 1.0 / 9), (result.RepeatedWithinSections, result.RepeatedAcrossSections));
        Assert.Equal(2.0 / 9, result.RepeatedFourGrams!.Value, 1e-12);
        Assert.Null(TextDiagnostics.Measure("a b c d e").RepeatedAcrossSections);
    }

    [Fact]
    public void Measure_Chinese_CountsCharacters()
    {
        TextDiagnosticsResult result = TextDiagnostics.Measure("山高水长。山高水长。");

        Assert.Equal((8, 2), (result.Words, result.Sentences));
        Assert.Equal(0.2, result.RepeatedFourGrams!.Value, 1e-12);
    }

    [Theory]
    [InlineData("In conclusion, it rained.", 1)]
    [InlineData("**To sum up**: it rained. Nobody was to sum up. All in all it was wet.", 2)]
    [InlineData("In shortage there is peace. Overall costs rose. Ultimately poor.", 0)]
    [InlineData("综上所述，城市变了。总之，人也变了。他总是说个不停。", 2)]
    [InlineData("“总的来说，很好。”他说。", 1)]
    public void Measure_SummarySentences_AreCounted(string text, int expected)
    {
        TextDiagnosticsResult result = TextDiagnostics.Measure(text);

        Assert.Equal(expected, result.SummarySentenceRate!.Value * result.Sentences, 1e-9);
    }

    [Fact]
    public void Measure_DuplicateSentences_ShortOnesAside()
    {
        TextDiagnosticsResult result = TextDiagnostics.Measure(
            "The river rose by a metre overnight. No. The town was quiet in the morning. No. The river rose by a metre overnight! No.");

        Assert.Equal(6, result.Sentences);
        Assert.Equal(1.0 / 3, result.DuplicateSentences!.Value, 1e-12);
        Assert.Null(TextDiagnostics.Measure("No. No.").DuplicateSentences);
    }

    [Fact]
    public void Measure_NearlyIdenticalSections_AreCountedOnce()
    {
        string rome = Words("r", 60);
        string naples = Words("n", 60);
        string nearlyRome = $"{Words("r", 58)} other ending";
        string half = $"{Words("r", 30)} {Words("m", 30)}";

        Assert.Equal(1, TextDiagnostics.Measure("", [rome, naples, nearlyRome]).DuplicateSections);
        Assert.Equal(0, TextDiagnostics.Measure("", [rome, naples, half]).DuplicateSections);
        Assert.Equal(2, TextDiagnostics.Measure("", [rome, half, half, rome]).DuplicateSections);
        Assert.Equal(0, TextDiagnostics.Measure("", ["Chapter one of the book", "Chapter one of the book"]).DuplicateSections);
        Assert.Null(TextDiagnostics.Measure(rome).DuplicateSections);
    }

    [Theory]
    [InlineData("It ended.", null, false)]
    [InlineData("It ended。", EndCause.Stop, false)]
    [InlineData("It ended.", EndCause.Length, true)]
    [InlineData("It ended.", EndCause.ContextLimit, true)]
    [InlineData("It ended in the mid", EndCause.Stop, true)]
    [InlineData("他走进了", null, true)]
    [InlineData("Take:\n- salt\n- pepper", null, false)]
    [InlineData("```\nx\n```", null, false)]
    [InlineData("```\nrun it.", null, true)]
    [InlineData("```\nx", null, true)]
    [InlineData("| a | b |", null, false)]
    [InlineData(" ", null, false)]
    public void Measure_Truncated_GoesByEndAndEndCause(string text, EndCause? end, bool expected) =>
        Assert.Equal(expected, TextDiagnostics.Measure(text, end: end).Truncated);

    [Theory]
    [InlineData("The wall is old.", "en", false)]
    [InlineData("The wall is old.", "zh", true)]
    [InlineData("长城很古老。", "zh-CN", false)]
    [InlineData("长城很古老。", "en-US", true)]
    [InlineData("长城 uses the GPT 模型 in 2024.", "zh", false)]
    [InlineData("The Great Wall (长城) is more than two thousand years old and long.", "en", false)]
    [InlineData("The wall.", "fr", null)]
    [InlineData("The wall.", null, null)]
    [InlineData("2024", "zh", null)]
    public void Measure_LanguageMismatch_ComparesWithTheExpectedLanguage(string text, string? language, bool? expected) =>
        Assert.Equal(expected, TextDiagnostics.Measure(text, expectedLanguage: language).LanguageMismatch);

    [Fact]
    public void Measure_AnyText_HasSharesBetweenZeroAndOneThatAddUp() => Prop.ForAll(
        Gen.ArrayOf(Gen.Elements("a b c d e", "总之，", "In conclusion, we rose. ", "\n\n", ". ", "。", "\ud83d", "x", " ", "```", "\"", "*")).ToArbitrary(), static pieces =>
        {
            string text = string.Concat(pieces);
            string[] sections = text.Split("\n\n");
            TextDiagnosticsResult result = TextDiagnostics.Measure(text, sections, "en");
            double?[] shares = [result.RepeatedFourGrams, result.SummarySentenceRate, result.DuplicateSentences, result.ChineseShare];
            return shares.All(static share => share is null or (>= 0 and <= 1))
                && Math.Abs((result.RepeatedFourGrams - result.RepeatedWithinSections - result.RepeatedAcrossSections) ?? 0) < 1e-12;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000).WithReplay(20_240_813UL, 11UL));

    [Theory]
    [InlineData("The king went to the sea and came back with the ships he had lost. ")]
    [InlineData("In conclusion, ")]
    [InlineData("总之，国王走到海边，带回了他失去的船。")]
    [InlineData("!) ")]
    [InlineData("\n \n")]
    public void Measure_EightTimesTheText_TakesTimeInProportion(string piece)
    {
        TextDiagnostics.Measure(Repeat(piece, 10_000));
        double smallMs = Milliseconds(Repeat(piece, 75_000));
        double largeMs = Milliseconds(Repeat(piece, 600_000));

        // Quadratic time would take 64 times as long. The floor keeps a busy machine's jitter out.
        Assert.True(largeMs < Math.Max(24 * smallMs, 10_000), string.Create(CultureInfo.InvariantCulture, $"75,000 characters took {smallMs:0} ms, 600,000 {largeMs:0} ms."));
    }

    private static string Words(string prefix, int count) => string.Join(' ', Enumerable.Range(0, count).Select(i => $"{prefix}{i}"));

    private static string Repeat(string piece, int length) => new StringBuilder().Insert(0, piece, length / piece.Length).ToString();

    private static double Milliseconds(string text)
    {
        var watch = Stopwatch.StartNew();
        TextDiagnostics.Measure(text, [text[..(text.Length / 2)], text[(text.Length / 2)..]], "en");
        return watch.Elapsed.TotalMilliseconds;
    }
}
