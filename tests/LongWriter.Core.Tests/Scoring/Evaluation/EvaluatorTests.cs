using LongWriter.Scoring;
using LongWriter.Scoring.Evaluation;
using LongWriter.Testing;
using Microsoft.Extensions.AI;

namespace LongWriter.Tests.Scoring.Evaluation;

public sealed class EvaluatorTests
{
    private const string Good = "{\"Analysis\": \"Fine.\", \"Relevance\": 5, \"Accuracy\": 4, \"Coherence\": 3, \"Clarity\": 2, \"Breadth and Depth\": 1, \"Reading Experience\": 3}";

    private static readonly ChatMessage[] Messages = [new(ChatRole.System, "Be brief."), new(ChatRole.User, "Write ten words.")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LengthEvaluator_TargetGiven_ScoresAndInterprets()
    {
        var target = new TargetLengthContext(LengthTarget.Equal(10));

        EvaluationResult result = await new LengthEvaluator().EvaluateAsync(Messages, Reply("one two three four five"), additionalContext: [target], cancellationToken: Token);

        NumericMetric score = result.Get<NumericMetric>("LengthScore");
        Assert.Equal((50.0, 0.5), (score.Value, result.Get<NumericMetric>("LengthRatio").Value));
        Assert.Equal("Asked for: 10 words. Came: 5, by the unicode counter.", score.Reason);
        Assert.Equal((EvaluationRating.Average, true, "LengthScore is below what passes, 75 of 100."), (score.Interpretation!.Rating, score.Interpretation.Failed, score.Interpretation.Reason));
        Assert.Same(target, score.Context!["TargetLength"]);
        Assert.Equal("S_l", score.Metadata!["length-scorer"]);
        Assert.Equal("10 words, by the unicode counter", Assert.IsType<TextContent>(Assert.Single(target.Contents)).Text);
    }

    [Fact]
    public async Task LengthEvaluator_NoTarget_IsAnErrorOnEachMetric()
    {
        EvaluationResult result = await new LengthEvaluator().EvaluateAsync(Messages, Reply("one"), cancellationToken: Token);

        Assert.Equal(new LengthEvaluator().EvaluationMetricNames, result.Metrics.Keys);
        Assert.All(result.Metrics.Values, metric =>
        {
            Assert.Equal("Error: LengthEvaluator needs a TargetLengthContext among the additional context but got none.", Assert.Single(metric.Diagnostics!).ToString());
            Assert.True(metric.Interpretation!.Failed);
            Assert.Null(((NumericMetric)metric).Value);
        });
    }

    [Fact]
    public async Task QualityEvaluator_GoodReply_GivesMarksSqAndMetadata()
    {
        var client = new ScriptedChatClient(_ => Good);

        EvaluationResult result = await new QualityEvaluator(timeProvider: new ManualTimeProvider { AutoAdvance = true })
            .EvaluateAsync(Messages, Reply("A text."), new ChatConfiguration(client), cancellationToken: Token);

        Assert.Equal(["Relevance", "Accuracy", "Coherence", "Clarity", "BreadthAndDepth", "ReadingExperience", "S_q"], result.Metrics.Keys);
        Assert.Equal([5, 4, 3, 2, 1, 3, 50], result.Metrics.Values.Select(metric => ((NumericMetric)metric).Value!.Value));
        Assert.Equal(
            [EvaluationRating.Exceptional, EvaluationRating.Good, EvaluationRating.Average, EvaluationRating.Poor, EvaluationRating.Unacceptable, EvaluationRating.Average, EvaluationRating.Average],
            result.Metrics.Values.Select(metric => metric.Interpretation!.Rating));
        Assert.Equal([false, false, true, true, true, true, true], result.Metrics.Values.Select(metric => metric.Interpretation!.Failed));
        IDictionary<string, string> metadata = result.Get<NumericMetric>("S_q").Metadata!;
        Assert.Equal(("scripted", "10", "0", "quality-v1"), (metadata["eval-model"], metadata["eval-input-tokens"], metadata["eval-duration-ms"], metadata["eval-prompt"]));
        Assert.Equal("Fine.", result.Get<NumericMetric>("Clarity").Reason);
        Assert.Contains("<request>\nWrite ten words.\n</request>", client.Calls[0].LastText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task QualityEvaluator_UnreadableJudge_IsAnErrorAndNoException()
    {
        var client = new ScriptedChatClient(_ => "No.");

        EvaluationResult result = await new QualityEvaluator(new QualityJudgeOptions { MaxReasks = 0 })
            .EvaluateAsync(Messages, Reply("A text."), new ChatConfiguration(client), cancellationToken: Token);

        Assert.All(result.Metrics.Values, metric => Assert.Equal("Error: The reply cannot be used: The reply holds no JSON object.", Assert.Single(metric.Diagnostics!).ToString()));
        Assert.Equal("scripted", result.Get<NumericMetric>("S_q").Metadata!["eval-model"]);
    }

    [Fact]
    public async Task QualityEvaluator_WithoutInstructionOrModel_SaysSo()
    {
        var evaluator = new QualityEvaluator();

        EvaluationResult result = await evaluator.EvaluateAsync([], Reply("A text."), new ChatConfiguration(new ScriptedChatClient(_ => Good)), cancellationToken: Token);
        ArgumentNullException error = await Assert.ThrowsAsync<ArgumentNullException>(async () => await evaluator.EvaluateAsync(Messages, Reply("A text."), cancellationToken: Token));

        Assert.Equal(
            "Error: The messages must hold a text of the user, the instruction, but hold none.", Assert.Single(result.Get<NumericMetric>("S_q").Diagnostics!).ToString());
        Assert.Equal("chatConfiguration", error.ParamName);
    }

    [Fact]
    public async Task RepetitionEvaluator_CutReply_IsMeasuredAndFails()
    {
        ChatResponse reply = Reply("a b c d a b c d.");
        reply.FinishReason = ChatFinishReason.Length;

        EvaluationResult result = await new RepetitionEvaluator().EvaluateAsync(Messages, reply, cancellationToken: Token);

        Assert.Equal(new RepetitionEvaluator().EvaluationMetricNames, result.Metrics.Keys);
        Assert.Equal(0.2, result.Get<NumericMetric>("RepetitionRate").Value!.Value, 1e-9);
        BooleanMetric truncated = result.Get<BooleanMetric>("Truncated");
        Assert.Equal((true, true, "Words: 8. Sentences: 1."), (truncated.Value, truncated.Interpretation!.Failed, truncated.Reason));
    }

    [Fact]
    public void Get_MissingMetric_NamesIt()
    {
        var result = new EvaluationResult(new NumericMetric("A", 1));

        Assert.Equal("There is no BooleanMetric with the name \"A\".", Assert.Throws<KeyNotFoundException>(() => result.Get<BooleanMetric>("A")).Message);
        Assert.StartsWith("Two metrics have the name \"A\".", Assert.Throws<ArgumentException>(() => new EvaluationResult(new NumericMetric("A"), new BooleanMetric("A"))).Message, StringComparison.Ordinal);
    }

    private static ChatResponse Reply(string text) => new(new ChatMessage(ChatRole.Assistant, text));
}
