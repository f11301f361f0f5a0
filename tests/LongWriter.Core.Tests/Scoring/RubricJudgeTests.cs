using LongWriter.Scoring;
using LongWriter.Testing;

namespace LongWriter.Tests.Scoring;

public sealed class RubricJudgeTests
{
    private const string Two = "{\"Criteria\": [{\"Name\": \"Route\", \"Description\": \"Days in order.\"}, {\"Name\": \"Food\", \"Description\": \"Names dishes.\"}]}";

    private static readonly Rubric Rubric = new("Plan a trip.", [new RubricCriterion("Route", "Days in order."), new RubricCriterion("Food", "Names dishes.")]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GenerateRubricAsync_GoodReply_GivesTheCriteria()
    {
        var client = new ScriptedChatClient(_ => Two);

        RubricResult result = await new RubricJudge(client, new RubricJudgeOptions { Criteria = 2 }).GenerateRubricAsync("Plan a trip.", Token);

        Assert.Equal("Plan a trip.", result.Rubric!.Instruction);
        Assert.Equal(Rubric.Criteria, result.Rubric.Criteria);
        Assert.Equal((null, "scripted", "rubric-v1"), (result.Failure, result.Model, result.PromptVersion));
        Assert.Contains("Write 2 criteria", client.Calls[0].LastText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GenerateRubricAsync_TooFew_IsAskedForAgainAndThenAFailure()
    {
        var client = new ScriptedChatClient(_ => Two);

        RubricResult result = await new RubricJudge(client, new RubricJudgeOptions { MaxReasks = 1 }).GenerateRubricAsync("Plan a trip.", Token);

        Assert.Null(result.Rubric);
        Assert.Equal(
            "The last of 2 replies cannot be used: The JSON object must hold 5 criteria, each with a different name and a description, but holds 2.", result.Failure);
        Assert.Equal([Two, Two], result.Replies);
    }

    [Fact]
    public async Task ScoreAsync_GoodReply_GivesScoresInTheRubricsOrder()
    {
        var client = new ScriptedChatClient(_ =>
            "{\"Scores\": [{\"Criterion\": 2, \"Reason\": \"Two dishes.\", \"Score\": 8}, {\"Criterion\": 1, \"Reason\": \"Clear.\", \"Score\": 5}]}");

        RubricJudgement judgement = await new RubricJudge(client, new RubricJudgeOptions { Seed = 9 }).ScoreAsync(Rubric, "Day 1 …", Token);

        Assert.Equal([new RubricScore("Route", 5, "Clear."), new RubricScore("Food", 8, "Two dishes.")], judgement.Scores);
        Assert.Equal((6.5, null, "rubric-score-v1", 9L), (judgement.Mean, judgement.Failure, judgement.PromptVersion, judgement.Seed));
        Assert.Contains("1. Route: Days in order.\n2. Food: Names dishes.\n", client.Calls[0].LastText, StringComparison.Ordinal);
        Assert.Contains("<answer>\nDay 1 …\n</answer>", client.Calls[0].LastText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScoreAsync_MissingAndWrongScores_AreNamedAndAskedForAgain()
    {
        var client = new ScriptedChatClient(call => call.Number == 0 ? "{\"Scores\": [{\"Criterion\": 1, \"Score\": 11}]}" : "{\"1\": 7, \"2\": \"9/10\"}");

        RubricJudgement judgement = await new RubricJudge(client).ScoreAsync(Rubric, "x", Token);

        Assert.Equal([7, 9], judgement.Scores.Select(score => score.Score));
        Assert.Contains(
            "The score of criterion 1 (Route) must be an integer from 1 to 10 but is 11. The score of criterion 2 (Food) must be an integer from 1 to 10 but is missing.",
            client.Calls[1].LastText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScoreAsync_FailedCall_IsAFailureAndNoMean()
    {
        var client = new ScriptedChatClient((_, _) => throw new ModelCallException("No such model.", isTransient: false));

        RubricJudgement judgement = await new RubricJudge(client).ScoreAsync(Rubric, "x", Token);

        Assert.Equal(("The call failed after 1 try: No such model.", null), (judgement.Failure, judgement.Mean));
        Assert.Empty(judgement.Scores);
    }

    [Fact]
    public async Task ScoreAsync_EmptyRubric_IsRefused()
    {
        var judge = new RubricJudge(new ScriptedChatClient(_ => ""));

        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => judge.ScoreAsync(new Rubric("x", []), "y", Token));

        Assert.StartsWith("The rubric must hold a criterion but is empty.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[{\"criterion\": \"Food\", \"score\": 4}, {\"criterion\": \"route\", \"score\": 6}]")]
    [InlineData("{\"Route\": 6, \"Food\": {\"score\": \"4\", \"reason\": \"thin\"}}")]
    [InlineData("{\"Criterion 1\": 6, \"Criterion 2\": 4}")]
    [InlineData("{\"id\": 1, \"score\": 6}\n{\"id\": 2, \"score\": 4}")]
    [InlineData("{\"Scores\": [{\"Criterion\": \"1. Route\", \"Score\": 6}, {\"Criterion\": \"2. Food\", \"Score\": 4}], \"Total\": 10}")]
    public void Parse_FormsOfScores_AreRead(string reply) =>
        Assert.Equal([6, 4], RubricScoreParser.Parse(reply, Rubric).Value?.Scores.Select(score => score.Score) ?? []);

    [Theory]
    [InlineData("", "The reply is empty.")]
    [InlineData("Good.", "The reply holds no JSON object.")]
    [InlineData("{\"Scores\": [{\"Criterion\": 7, \"Score\": 6}]}", "The JSON object holds no score of any criterion.")]
    [InlineData("{\"Scores\": [{\"Criterion\": 1, \"Score\": 6}, {\"Crit", "The JSON object is cut off: the reply ends before its closing brace.")]
    public void Parse_NoScores_SaysWhy(string reply, string problem) => Assert.Equal([problem], RubricScoreParser.Parse(reply, Rubric).Problems);

    [Theory]
    [InlineData("```json\n[{\"name\": \"Route\", \"criteria_description\": \"Days in order.\"}, {\"name\": \"Food\", \"criteria_description\": \"Names dishes.\"}]\n```")]
    [InlineData("{'Criteria': [{'title': 'Route', 'details': 'Days in order.',}, {'title': 'Food', 'details': 'Names dishes.'}]}")]
    [InlineData("{\"Name\": \"Route\", \"Description\": \"Days in order.\"}\n{\"Name\": \"Food\", \"Description\": \"Names dishes.\"}")]
    public void Parse_FormsOfCriteria_AreRead(string reply) => Assert.Equal(Rubric.Criteria, RubricReplyParser.Parse(reply, 2).Value?.Criteria);

    [Fact]
    public void Options_CriteriaOutOfRange_AreNamed()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new RubricJudge(new ScriptedChatClient(_ => ""), new RubricJudgeOptions { Criteria = 0 }));

        Assert.Equal("RubricJudgeOptions: Criteria must be in [1, 20] but is 0.", error.Message);
    }
}
