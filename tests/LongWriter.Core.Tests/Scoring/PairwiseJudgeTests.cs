using LongWriter.Scoring;
using LongWriter.Testing;

namespace LongWriter.Tests.Scoring;

public sealed class PairwiseJudgeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CompareAsync_SameTextPreferred_IsTheVerdict()
    {
        // Prefers the text with "best" in it, wherever it stands.
        var client = new ScriptedChatClient(call => call.LastText.Contains("<answer-A>\nbest", StringComparison.Ordinal)
            ? "A is fuller.\n{\"Winner\": \"A\"}"
            : "{\"Analysis\": \"B is fuller.\", \"Winner\": \"B\"}");

        PairwiseResult first = await new PairwiseJudge(client, new JudgeOptions { Seed = 3 }).CompareAsync("Write.", "best", "poor", Token);
        PairwiseResult second = await new PairwiseJudge(client).CompareAsync("Write.", "poor", "best", Token);

        Assert.Equal(PairwiseVerdict.First, first.Verdict);
        Assert.Equal(PairwiseVerdict.Second, second.Verdict);
        Assert.False(first.Disagree);
        Assert.Equal(["A is fuller.\n{\"Winner\": \"A\"}"], first.FirstShownFirst.Replies);
        Assert.Equal(["{\"Analysis\": \"B is fuller.\", \"Winner\": \"B\"}"], first.SecondShownFirst.Replies);
        Assert.Equal(("A is fuller.", "B is fuller."), (first.FirstShownFirst.Analysis, first.SecondShownFirst.Analysis));
        Assert.Equal((3L, 4L), (first.FirstShownFirst.Seed, first.SecondShownFirst.Seed));
        Assert.Equal(("scripted", "pairwise-v1", 2), (first.Model, first.PromptVersion, first.Usage.Calls));
    }

    [Fact]
    public async Task CompareAsync_AlwaysTheFirstShown_IsATie()
    {
        PairwiseResult result = await new PairwiseJudge(new ScriptedChatClient(_ => "{\"Winner\": \"A\"}")).CompareAsync("Write.", "one", "two", Token);

        Assert.Equal((PairwiseVerdict.Tie, true), (result.Verdict, result.Disagree));
        Assert.Equal((PairwiseVerdict.First, PairwiseVerdict.Second), (result.FirstShownFirst.Verdict, result.SecondShownFirst.Verdict));
    }

    [Fact]
    public async Task CompareAsync_WinAndTie_IsATie()
    {
        var client = new ScriptedChatClient(call => call.Number == 0 ? "{\"Winner\": \"A\"}" : "{\"Winner\": \"Tie\"}");

        PairwiseResult result = await new PairwiseJudge(client).CompareAsync("Write.", "one", "two", Token);

        Assert.Equal((PairwiseVerdict.Tie, true), (result.Verdict, result.Disagree));
    }

    [Fact]
    public async Task CompareAsync_OneOrderUnreadable_HasNoVerdict()
    {
        var client = new ScriptedChatClient(call => call.Number == 0 ? "{\"Winner\": \"A\"}" : "{\"Winner\": \"the shorter one\"}");

        PairwiseResult result = await new PairwiseJudge(client, new JudgeOptions { MaxReasks = 1 }).CompareAsync("Write.", "one", "two", Token);

        Assert.Null(result.Verdict);
        Assert.False(result.Disagree);
        Assert.Equal("The last of 2 replies cannot be used: Winner must be A, B or Tie but is \"the shorter one\".", result.Failure);
        Assert.Equal(2, result.SecondShownFirst.Replies.Count);
    }

    [Theory]
    [InlineData("{\"Winner\": \"Answer A\"}", 'A')]
    [InlineData("{'winner': '[[B]]'}", 'B')]
    [InlineData("{\"verdict\": {\"winner\": \"response_b\"}}", 'B')]
    [InlineData("```json\n{\"Winner\": \"A\",}\n```", 'A')]
    [InlineData("{“Winner”：“平局”}", '=')]
    [InlineData("{\"Winner\": \"x\"}\n{\"Winner\": \"B\"}", 'B')]
    [InlineData("{Winner: B}", 'B')]
    public void Parse_FormsOfAVerdict_AreRead(string reply, char winner) => Assert.Equal(winner, PairwiseReplyParser.Parse(reply).Value?.Winner);

    [Theory]
    [InlineData("", "The reply is empty.")]
    [InlineData("A is better.", "The reply holds no JSON object.")]
    [InlineData("{\"Analysis\": \"A\"}", "Winner must be A, B or Tie but is missing.")]
    [InlineData("{\"Winner\": \"C\"}", "Winner must be A, B or Tie but is \"C\".")]
    [InlineData("{\"Winner\": [\"A\"]}", "Winner must be A, B or Tie but is not a text.")]
    [InlineData("{\"Analysis\": \"A is", "The JSON object is cut off: the reply ends before its closing brace.")]
    public void Parse_NoVerdict_SaysWhy(string reply, string problem) => Assert.Equal([problem], PairwiseReplyParser.Parse(reply).Problems);
}
