using LongWriter.Benchmarking;
using LongWriter.Scoring;
using Microsoft.Extensions.AI;

namespace LongWriter.Cli;

/// <summary>Where the tool meets scorers and judges.</summary>
internal static class ScoringCalls
{
    /// <summary>Tokens of a window of the likelihood curve, where the model reads that many.</summary>
    private const int MaxWindowTokens = 1024;

    /// <summary>Distance of the curve's points in tokens, so that a short text has a curve, too.</summary>
    private const int PointEveryTokens = 64;

    /// <summary>S_l as the paper has it for a plain number; for bounds and ranges the variant that honours them.</summary>
    public static ILengthScorer ScorerFor(LengthKind kind) => kind == LengthKind.Equal ? LengthScorers.Paper : LengthScorers.TargetKind;

    /// <exception cref="ArgumentException">The prompt cannot be used.</exception>
    public static BenchmarkJudge JudgeFor(IChatClient client, JudgeSettings settings, TimeProvider time)
    {
        var options = new QualityJudgeOptions { PromptFile = settings.Prompt, Seed = settings.Seed };
        options.Samples = settings.Samples ?? options.Samples;
        options.Temperature = settings.Temperature ?? options.Temperature;
        var judge = new QualityJudge(client, options, timeProvider: time);
        return new BenchmarkJudge(judge, settings.Model.Name ?? EmbeddedModel.Name, judge.PromptVersion);
    }

    /// <summary>Likelihood curves under a model on this machine.</summary>
    /// <exception cref="ArgumentException">The model does not tell likelihoods.</exception>
    public static BenchmarkNll NllFor(IChatClient client, string model)
    {
        ITokenLogProbabilities probabilities = client.GetService<ITokenLogProbabilities>()
            ?? throw new ArgumentException($"--nll needs a model that tells likelihoods of tokens, but {model} does not.");
        int window = Math.Min(client.GetService<ITokenCounter>()?.ContextWindowTokens ?? MaxWindowTokens, MaxWindowTokens);
        return new BenchmarkNll(
            (text, cancellationToken) => CumulativeNll.MeasureAsync(probabilities, text, window, pointEveryTokens: PointEveryTokens, cancellationToken: cancellationToken),
            FormattableString.Invariant($"{model}, window {window}"));
    }
}
