using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using LongWriter.Scoring;

namespace LongWriter.Tests.Scoring;

public sealed class JudgeReplyParserPropertyTests
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(2_000).WithReplay(20_240_813UL, 11UL);

    private static readonly string[] Keys = ["Relevance", "Accuracy", "Coherence", "Clarity", "Breadth and Depth", "Reading Experience"];

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", "\"", "'", "“", "”", "‘", "’", "`", "```json\n", "```", ":", "：", ",", "，", ";", "\\", "\\u12", "\\\"", "//", "/*", "*/", "#", "\n", " ", "\ufeff", "\ud83d", "\0",
        "\"Relevance\": 4", "\"Accuracy\": ", "Clarity", "Breadth and Depth", "5", "4/5", "NaN", "null", "4.5", "-1", "五", "{\"Analysis\": \"", "good", "相关性", "\"score\": 3", "\"Winner\": \"A\"", "\"Criterion\": 1",
    ];

    private static Gen<string> Soup { get; } = Gen.Select(Gen.ArrayOf(Gen.Elements(Pieces)), static pieces => string.Concat(pieces));

    [Fact]
    public void Parse_AnyText_GivesMarksOrProblems() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>().Filter(static text => text is not null), HasVerdict).Check(Fixed);

    [Fact]
    public void Parse_SoupOfReplyPieces_GivesMarksOrProblems() => Prop.ForAll(Soup.ToArbitrary(), HasVerdict).Check(Fixed);

    [Fact]
    public void Parse_WellFormedReplyInAnyOrder_RoundTrips()
    {
        Gen<(int[] Marks, string[] Order, string Analysis, int Wrap)> replies =
            from marks in Gen.ArrayOf(Gen.Choose(1, 5), 6)
            from order in Gen.Shuffle(Keys.Append("Analysis").ToArray())
            from analysis in Gen.OneOf(ArbMap.Default.ArbFor<string>().Generator.Where(static text => text is not null), Soup)
            from wrap in Gen.Choose(0, 3)
            select (marks, order, analysis, wrap);

        Prop.ForAll(replies.ToArbitrary(), static reply =>
        {
            string json = "{" + string.Join(reply.Wrap == 1 ? "," : ",\n  ", reply.Order.Select(key => key == "Analysis"
                ? $"\"Analysis\": {Quoted(reply.Analysis)}"
                : string.Create(CultureInfo.InvariantCulture, $"\"{key}\": {reply.Marks[Array.IndexOf(Keys, key)]}"))) + "}";
            string text = reply.Wrap switch { 2 => $"```json\n{json}\n```", 3 => $"A word before. {json} And one after.", _ => json };

            MarkedReply? parsed = JudgeReplyParser.Parse(text).Value;

            // What a strict reader makes of the string is what the tolerant one must make of it.
            string strict = JsonSerializer.Deserialize<string>(Quoted(reply.Analysis))!;
            string? before = reply.Wrap == 3 ? "A word before." : null;
            return parsed is not null
                && parsed.Marks == new QualityMarks(reply.Marks[0], reply.Marks[1], reply.Marks[2], reply.Marks[3], reply.Marks[4], reply.Marks[5])
                && parsed.Analysis == (string.IsNullOrWhiteSpace(strict) ? before : strict.Trim());
        }).Check(Fixed);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    [InlineData("{\"a\":\"")]
    [InlineData("\"a\":{")]
    [InlineData("{\"a\": \"b\" /* ")]
    [InlineData("{'")]
    [InlineData("{a:1}")]
    [InlineData("{a ")]
    [InlineData("# {\n")]
    [InlineData("{\"Clarity\": \"4          \"}")]
    public void Parse_HalfAMegabyteOfOnePiece_TakesTimeInProportion(string piece)
    {
        JudgeReplyParser.Parse(Repeat(piece, 10_000));

        // Eight times the text; quadratic time would take 64 times as long, in every try. The floor and the tries keep a busy machine's jitter out.
        List<string> measured = [];
        for (int attempt = 0; attempt < 3; attempt++)
        {
            double smallMs = Milliseconds(Repeat(piece, 62_500));
            double largeMs = Milliseconds(Repeat(piece, 500_000));
            if (largeMs < Math.Max(24 * smallMs, 10_000))
            {
                return;
            }

            measured.Add(string.Create(CultureInfo.InvariantCulture, $"62 kB took {smallMs:0} ms, 500 kB {largeMs:0} ms."));
        }

        Assert.Fail(string.Join(" ", measured));
    }

    private static bool HasVerdict(string text)
    {
        JudgeReply<MarkedReply> reply = JudgeReplyParser.Parse(text);
        PairwiseReplyParser.Parse(text);
        RubricReplyParser.Parse(text, 3);
        RubricScoreParser.Parse(text, new Rubric("x", [new RubricCriterion("good", "d"), new RubricCriterion("五", "d")]));
        bool marksAreSound = reply.Value is null || Enum.GetValues<QualityDimension>().All(dimension => reply.Value.Marks[dimension] is >= 1 and <= 5);
        return marksAreSound && reply.Value is null == reply.Problems.Count > 0 && reply.Problems.All(static problem => problem.EndsWith('.'));
    }

    private static string Quoted(string text) => JsonSerializer.Serialize(text, Relaxed);

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Repeat(string piece, int length) => string.Concat(Enumerable.Repeat(piece, length / piece.Length));

    private static double Milliseconds(string text)
    {
        var watch = Stopwatch.StartNew();
        JudgeReplyParser.Parse(text);
        return watch.Elapsed.TotalMilliseconds;
    }
}
