using LongWriter.Scoring;

namespace LongWriter.Tests.Scoring;

/// <summary>Replies as judges really wrap and spoil them. Expected: the six marks in order, or the problems, a line each.</summary>
public sealed class JudgeReplyParserTests
{
    private const string Six = "\"Relevance\": 5, \"Accuracy\": 4, \"Coherence\": 3, \"Clarity\": 2, \"Breadth and Depth\": 1, \"Reading Experience\": 5";
    private const string Marks = "5 4 3 2 1 5";
    private const string Cut = "The JSON object is cut off: the reply ends before its closing brace.";

    private static readonly (string Name, string Text, string Expected)[] All =
    [
        ("plain", "{" + Six + "}", Marks),
        ("with analysis first", "{\"Analysis\": \"Good.\", " + Six + "}", Marks),
        ("prose before", "The text meets the request.\n\n{" + Six + "}", Marks),
        ("prose after", "{" + Six + "}\n\nI hope this helps!", Marks),
        ("json fence", "```json\n{" + Six + "}\n```", Marks),
        ("fence without language", "Analysis: fine.\n```\n{" + Six + "}\n```\nDone.", Marks),
        ("fence that never closes", "```json\n{" + Six + "}", Marks),
        ("fence on one line", "```json {" + Six + "} ```", Marks),
        ("one name a line", "{\n  " + Six.Replace(", ", ",\n  ", StringComparison.Ordinal) + "\n}", Marks),
        ("single quotes", "{" + Six.Replace('"', '\'') + "}", Marks),
        ("curly quotes", "{“Relevance”: 5, “Accuracy”: 4, “Coherence”: 3, “Clarity”: 2, “Breadth and Depth”: 1, “Reading Experience”: 5}", Marks),
        ("no quotes", "{" + Six.Replace("\"", "", StringComparison.Ordinal) + "}", Marks),
        ("trailing comma", "{" + Six + ",}", Marks),
        ("no commas, line breaks instead", "{\n" + Six.Replace(", ", "\n", StringComparison.Ordinal) + "\n}", Marks),
        ("lower case", "{" + Six.ToLowerInvariant() + "}", Marks),
        ("joined names", "{\"relevance\":5,\"accuracy\":4,\"coherence\":3,\"clarity\":2,\"BreadthAndDepth\":1,\"reading_experience\":5}", Marks),
        ("ampersand", "{" + Six.Replace("and", "&", StringComparison.Ordinal) + "}", Marks),
        ("bold names", "{\"**Relevance**\": 5, \"**Accuracy**\": 4, \"**Coherence**\": 3, \"**Clarity**\": 2, \"**Breadth and Depth**\": 1, \"**Reading Experience**\": 5}", Marks),
        ("names with the scale", "{\"Relevance (1-5)\": 5, \"Accuracy (1-5)\": 4, \"Coherence (1-5)\": 3, \"Clarity (1-5)\": 2, \"Breadth and Depth (1-5)\": 1, \"Reading Experience (1-5)\": 5}", Marks),
        ("names with score", "{\"Relevance Score\": 5, \"accuracy_score\": 4, \"CoherenceScore\": 3, \"Clarity score\": 2, \"Breadth and Depth Score\": 1, \"Reading Experience Score\": 5}", Marks),
        ("marks as strings", "{\"Relevance\": \"5\", \"Accuracy\": \"4\", \"Coherence\": \"3\", \"Clarity\": \"2\", \"Breadth and Depth\": \"1\", \"Reading Experience\": \"5\"}", Marks),
        ("marks of five", "{\"Relevance\": \"5/5\", \"Accuracy\": 4/5, \"Coherence\": \"3 / 5\", \"Clarity\": \"2 out of 5\", \"Breadth and Depth\": \"1 of 5\", \"Reading Experience\": 5 }", Marks),
        ("marks with a point", "{\"Relevance\": 5.0, \"Accuracy\": 4.0, \"Coherence\": 3.00, \"Clarity\": 2.0, \"Breadth and Depth\": 1.0, \"Reading Experience\": \"5.0\"}", Marks),
        ("marks with words", "{\"Relevance\": \"5 (excellent)\", \"Accuracy\": \"4 - good\", \"Coherence\": \"3 points\", \"Clarity\": \"**2**\", \"Breadth and Depth\": \"1: poor\", \"Reading Experience\": \"5.\"}", Marks),
        ("nested object", "{\"Analysis\": \"x\", \"Scores\": {" + Six + "}}", Marks),
        ("nested twice", "{\"result\": {\"evaluation\": {" + Six + "}}}", Marks),
        ("a score and a reason each", "{\"Relevance\": {\"score\": 5, \"reason\": \"a, b\"}, \"Accuracy\": {\"reason\": \"c\", \"score\": 4}, \"Coherence\": {\"Rating\": 3}, \"Clarity\": {\"value\": \"2\"}, \"Breadth and Depth\": {\"mark\": 1}, \"Reading Experience\": {\"score\": 5}}", Marks),
        ("a list of entries", "[{\"dimension\": \"Relevance\", \"score\": 5}, {\"dimension\": \"Accuracy\", \"score\": 4}, {\"dimension\": \"Coherence\", \"score\": 3}, {\"dimension\": \"Clarity\", \"score\": 2}, {\"dimension\": \"Breadth and Depth\", \"score\": 1}, {\"dimension\": \"Reading Experience\", \"score\": 5}]", Marks),
        ("Chinese colons and commas", "{\"Relevance\"：5，\"Accuracy\"：4，\"Coherence\"：3，\"Clarity\"：2，\"Breadth and Depth\"：1，\"Reading Experience\"：5}", Marks),
        ("full width all over", "｛“Relevance”：５，“Accuracy”：４，“Coherence”：３，“Clarity”：２，“Breadth and Depth”：１，“Reading Experience”：５｝", Marks),
        ("Chinese names and units", "分析：结构清楚。\n{\"相关性\": \"5分\", \"准确性\": 4, \"连贯性\": \"三\", \"清晰度\": \"2 分\", \"广度与深度\": 1, \"阅读体验\": \"五分\"}", Marks),
        ("Chinese analysis", "{\"Analysis\": \"文章引用了“史记”，但“年代”有误。\", " + Six + "}", Marks),
        ("unescaped quotes in the analysis", "{\"Analysis\": \"The phrase \"city of stone\" comes back, and \"stone\" is dull.\", " + Six + "}", Marks),
        ("apostrophe in single quotes", "{'Analysis': 'The writer's order is clear, isn't it', " + Six.Replace('"', '\'') + "}", Marks),
        ("raw line breaks in the analysis", "{\"Analysis\": \"First.\n\nSecond: better.\", " + Six + "}", Marks),
        ("braces in the prose", "It uses {placeholders} and \\frac{a}{b} [1].\n{" + Six + "}", Marks),
        ("an open brace in the prose", "A set { is opened here.\n{" + Six + "}", Marks),
        ("comments", "{\n\"Relevance\": 5, // on topic\n\"Accuracy\": 4, # a slip\n\"Coherence\": 3, /* so so */\n\"Clarity\": 2,\n\"Breadth and Depth\": 1,\n\"Reading Experience\": 5\n}", Marks),
        ("the form repeated first", "{\"Analysis\": \"…\", \"Relevance\": n, \"Accuracy\": n, \"Coherence\": n, \"Clarity\": n, \"Breadth and Depth\": n, \"Reading Experience\": n}\n\n{" + Six + "}", Marks),
        ("corrected afterwards", "{\"Relevance\": 1, \"Accuracy\": 1, \"Coherence\": 1, \"Clarity\": 1, \"Breadth and Depth\": 1, \"Reading Experience\": 1}\nOn reflection:\n{" + Six + "}", Marks),
        ("a fragment afterwards", "{" + Six + "}\n{\"Clarity\": 5}", Marks),
        ("an extra total", "{" + Six + ", \"Overall\": 3.5, \"total\": 20}", Marks),
        ("a name twice", "{\"Clarity\": 5, " + Six + "}", Marks),
        ("a byte order mark", "\ufeff{" + Six + "}", Marks),

        ("nothing", "", "The reply is empty."),
        ("blank", " \n\t", "The reply is empty."),
        ("prose alone", "I rate this text 4 of 5 in every respect.", "The reply holds no JSON object."),
        ("lines instead of JSON", "Relevance: 5\nAccuracy: 4", "The reply holds no JSON object."),
        ("another object", "{\"status\": \"ok\"}", "The JSON object holds none of the six marks; expected Relevance, Accuracy, Coherence, Clarity, Breadth and Depth, Reading Experience."),
        ("out of range", "{" + Six.Replace("\"Clarity\": 2", "\"Clarity\": 7", StringComparison.Ordinal) + "}", "Clarity must be an integer from 1 to 5 but is 7."),
        ("zero and below", "{" + Six.Replace(": 4", ": 0", StringComparison.Ordinal).Replace(": 3", ": -2", StringComparison.Ordinal) + "}", "Accuracy must be an integer from 1 to 5 but is 0.\nCoherence must be an integer from 1 to 5 but is -2."),
        ("a half", "{" + Six.Replace(": 4", ": 4.5", StringComparison.Ordinal) + "}", "Accuracy must be an integer from 1 to 5 but is 4.5."),
        ("out of ten", "{" + Six.Replace(": 4", ": \"4/10\"", StringComparison.Ordinal) + "}", "Accuracy must be an integer from 1 to 5 but is \"4/10\"."),
        ("a span", "{" + Six.Replace(": 4", ": \"4-5\"", StringComparison.Ordinal) + "}", "Accuracy must be an integer from 1 to 5 but is \"4-5\"."),
        ("NaN", "{" + Six.Replace(": 4", ": NaN", StringComparison.Ordinal) + "}", "Accuracy must be an integer from 1 to 5 but is NaN."),
        ("null", "{" + Six.Replace(": 4", ": null", StringComparison.Ordinal) + "}", "Accuracy must be an integer from 1 to 5 but is null."),
        ("a word", "{" + Six.Replace(": 4", ": \"good\"", StringComparison.Ordinal) + "}", "Accuracy must be an integer from 1 to 5 but is \"good\"."),
        ("a list as mark", "{" + Six.Replace(": 4", ": [4, 5]", StringComparison.Ordinal) + "}", "Accuracy must be an integer from 1 to 5 but is a list."),
        ("an enormous number", "{" + Six.Replace(": 4", ": 44444444444444444444", StringComparison.Ordinal) + "}", "Accuracy must be an integer from 1 to 5 but is 44444444444444444444."),
        ("no value", "{" + Six.Replace(": 4", ": ", StringComparison.Ordinal) + "}", "Accuracy must be an integer from 1 to 5 but is missing."),
        ("two names missing", "{\"Relevance\": 5, \"Accuracy\": 4, \"Clarity\": 2, \"Reading Experience\": 5}", "Coherence must be an integer from 1 to 5 but is missing.\nBreadth and Depth must be an integer from 1 to 5 but is missing."),
        ("missing and out of range", "{\"Relevance\": 9, \"Accuracy\": 4, \"Coherence\": 3, \"Clarity\": 2, \"Breadth and Depth\": 1}", "Relevance must be an integer from 1 to 5 but is 9.\nReading Experience must be an integer from 1 to 5 but is missing."),
        ("cut in the analysis", "{\"Analysis\": \"The text begins well, but", Cut),
        ("cut after three marks", "{\"Analysis\": \"x\", \"Relevance\": 5, \"Accuracy\": 4, \"Coherence\": 3", Cut),
        ("cut before the last brace", "{" + Six, Cut),
        ("cut in a nested object", "{\"Scores\": {\"Relevance\": 5, \"Accuracy\": 4}, \"More\": {\"Clarity\": ", Cut),
        ("only the form", "{\"Relevance\": n, \"Accuracy\": 4, \"Coherence\": 3, \"Clarity\": 2, \"Breadth and Depth\": 1, \"Reading Experience\": 5}", "Relevance must be an integer from 1 to 5 but is n."),
        ("a brace that opens no object", "{see below}", "The JSON object cannot be read; line 1: expected a name with ':' after it, found '}'."),
        ("a name without a colon", "Here:\n{\"Relevance\" 5}", "The JSON object cannot be read; line 2: expected ':' after a name, found '5}'."),
    ];

    public static TheoryData<string> Names => new(All.Select(static reply => reply.Name));

    [Fact]
    public void Replies_AreManyAndDistinct()
    {
        Assert.True(All.Length >= 60, $"There are {All.Length} replies.");
        Assert.Equal(All.Length, All.Select(static reply => reply.Name).Distinct().Count());
        Assert.Equal(All.Length, All.Select(static reply => reply.Text).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Parse_Reply_GivesExactlyTheseMarksOrProblems(string name)
    {
        (_, string text, string expected) = All.Single(reply => reply.Name == name);

        JudgeReply<MarkedReply> reply = JudgeReplyParser.Parse(text);

        Assert.Equal(expected, Show(reply));
        Assert.Equal(reply.Value is null, reply.Problems.Count > 0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Parse_ReplyWithWindowsLineBreaks_GivesTheSame(string name)
    {
        (_, string text, string expected) = All.Single(reply => reply.Name == name);

        Assert.Equal(expected, Show(JudgeReplyParser.Parse(text.Replace("\n", "\r\n", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("{\"Analysis\": \" Says \\\"much\\\"\\u0021 \", ", "}", "Says \"much\"!")]
    [InlineData("It is good.\n\n```json\n{", "}\n```", "It is good.")]
    [InlineData("It is good.\n{\"Analysis\": \"\", ", "}", "It is good.")]
    [InlineData("{\"分析\": \"很好。\", ", "}", "很好。")]
    [InlineData("{", "}", null)]
    public void Parse_Analysis_IsTheObjectsElseTheProseBefore(string before, string after, string? expected) =>
        Assert.Equal(expected, JudgeReplyParser.Parse(before + Six + after).Value!.Analysis);

    private static string Show(JudgeReply<MarkedReply> reply) => reply.Value is { Marks: var marks }
        ? string.Join(' ', Enum.GetValues<QualityDimension>().Select(dimension => marks[dimension]))
        : string.Join('\n', reply.Problems);
}
