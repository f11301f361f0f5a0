using System.Reflection;
using LongWriter.Adapters;
using LongWriter.Scoring.Evaluation;
using Microsoft.Extensions.AI;
using Theirs = Microsoft.Extensions.AI.Evaluation;

namespace LongWriter.Tests.Scoring.Evaluation;

/// <summary>The adapter in docs/evaluation-adapter.md is the file that is compiled here, and it carries everything across.</summary>
public sealed class EvaluationAdapterTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Document_Adapter_IsTheFileThatIsCompiled()
    {
        string root = Root();
        string adapter = File.ReadAllText(Path.Combine(root, "tests", "LongWriter.Core.Tests", "Scoring", "Evaluation", "LongWriterEvaluator.cs"));

        Assert.Contains($"```csharp\n{adapter.TrimEnd()}\n```\n", File.ReadAllText(Path.Combine(root, "docs", "evaluation-adapter.md")), StringComparison.Ordinal);
        Assert.InRange(adapter.TrimEnd().Split('\n').Length, 1, 60);
    }

    [Theory]
    [InlineData(typeof(IEvaluator))]
    [InlineData(typeof(ChatConfiguration))]
    [InlineData(typeof(EvaluationContext))]
    [InlineData(typeof(EvaluationRating))]
    [InlineData(typeof(EvaluationDiagnosticSeverity))]
    [InlineData(typeof(EvaluationDiagnostic))]
    [InlineData(typeof(EvaluationMetricInterpretation))]
    [InlineData(typeof(EvaluationMetric))]
    [InlineData(typeof(EvaluationMetric<>))]
    [InlineData(typeof(NumericMetric))]
    [InlineData(typeof(BooleanMetric))]
    [InlineData(typeof(EvaluationResult))]
    public void Ours_EveryMemberOfTheirs_IsThere(Type ours)
    {
        Type theirs = typeof(Theirs.IEvaluator).Assembly.GetType($"Microsoft.Extensions.AI.Evaluation.{ours.Name}", throwOnError: true)!;

        Assert.Equal([], Members(theirs).Except(Members(ours)));
    }

    [Fact]
    public async Task Adapter_LengthEvaluator_CarriesEverythingAcross()
    {
        Theirs.IEvaluator evaluator = new LongWriterEvaluator(new LengthEvaluator());
        var reply = new ChatResponse(new ChatMessage(ChatRole.Assistant, "one two three four five"));

        Theirs.EvaluationResult result = await evaluator.EvaluateAsync(
            [], reply, additionalContext: [new LongWriterContext(new TargetLengthContext(LengthTarget.Equal(10)))], cancellationToken: Token);
        Theirs.EvaluationResult without = await evaluator.EvaluateAsync([], reply, cancellationToken: Token);

        Assert.Equal(evaluator.EvaluationMetricNames, result.Metrics.Keys);
        var score = Assert.IsType<Theirs.NumericMetric>(result.Metrics["LengthScore"]);
        Assert.Equal((50.0, Theirs.EvaluationRating.Average, true), (score.Value, score.Interpretation!.Rating, score.Interpretation.Failed));
        Assert.Equal("Asked for: 10 words. Came: 5, by the unicode counter.", score.Reason);
        Assert.Equal("S_l", score.Metadata!["length-scorer"]);
        Assert.Single(score.Context!["TargetLength"].Contents);
        Theirs.EvaluationDiagnostic error = Assert.Single(without.Metrics["LengthScore"].Diagnostics!);
        Assert.Equal(Theirs.EvaluationDiagnosticSeverity.Error, error.Severity);
        Assert.IsType<Theirs.BooleanMetric>((await new LongWriterEvaluator(new RepetitionEvaluator()).EvaluateAsync([], reply, cancellationToken: Token)).Metrics["Truncated"]);
    }

    /// <summary>Members as text, without the namespaces in which the two sides differ.</summary>
    private static IEnumerable<string> Members(Type type) => type
        .GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(static member => member is MethodBase { IsPrivate: false } or PropertyInfo or FieldInfo { IsStatic: true, IsPrivate: false })
        .Select(static member => $"{member}".Replace("LongWriter.Scoring.Evaluation.", "", StringComparison.Ordinal).Replace("Microsoft.Extensions.AI.Evaluation.", "", StringComparison.Ordinal));

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LongWriter.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests must run inside the repository.");
    }
}
