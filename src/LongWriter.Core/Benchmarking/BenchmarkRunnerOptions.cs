using System.Globalization;

namespace LongWriter.Benchmarking;

/// <summary>Options of <see cref="BenchmarkRunner"/>. Immutable.</summary>
public sealed record BenchmarkRunnerOptions
{
    /// <summary>Repetitions of every item, each with a seed of its own. Range [1, 1000]; the default is 1.</summary>
    public int Repeats { get; init; } = 1;

    /// <summary>Seed from which the seeds of the items are drawn. The default is 0.</summary>
    public long Seed { get; init; }

    /// <summary>Texts that are written at the same time. Range [1, 256]; the default is 1.</summary>
    public int Concurrency { get; init; } = 1;

    /// <summary>Goes on with the run in the folder: what is missing is written, judged or measured. The default is false: the folder must hold no run.</summary>
    public bool Resume { get; init; }

    /// <summary>With <see cref="Resume"/>: items that failed are written again, judgements that failed are asked for again. The default is false.</summary>
    public bool RetryFailed { get; init; }

    /// <summary>Judges every text that stands. Null, the default: no judgement, and no score in its place.</summary>
    public BenchmarkJudge? Judge { get; init; }

    /// <summary>Measures every text that stands. Null, the default: no measurement.</summary>
    public BenchmarkNll? Nll { get; init; }

    /// <summary>Prices, to tell what a run costs while it runs. Null, the default: no cost is told.</summary>
    public TokenPrices? Prices { get; init; }

    /// <summary>The command that makes the run again, for the manifest; null, the default, when a program makes it.</summary>
    public string? Command { get; init; }

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">At least one option is out of range; the message lists all of them.</exception>
    internal void Validate()
    {
        var errors = new List<string>();
        Range(nameof(Repeats), Repeats, 1_000);
        Range(nameof(Concurrency), Concurrency, 256);
        if (Prices is { } prices && (prices.InputPerMillion < 0 || prices.OutputPerMillion < 0))
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{nameof(Prices)} must be 0 or more but are {prices.InputPerMillion} and {prices.OutputPerMillion}."));
        }

        if (RetryFailed && !Resume)
        {
            errors.Add($"{nameof(RetryFailed)} needs {nameof(Resume)}.");
        }

        if (errors.Count > 0)
        {
            throw new ArgumentException($"{nameof(BenchmarkRunnerOptions)}: {string.Join(" ", errors)}");
        }

        void Range(string name, int value, int maximum)
        {
            if (value < 1 || value > maximum)
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"{name} must be in [1, {maximum}] but is {value}."));
            }
        }
    }
}

/// <summary>A judge with what the manifest says of it.</summary>
/// <param name="Judge">The judge.</param>
/// <param name="Model">Name of its model.</param>
/// <param name="PromptVersion">Version of its prompt.</param>
public sealed record BenchmarkJudge(IQualityJudge Judge, string Model, string PromptVersion);

/// <summary>A measurement of negative log-likelihoods with what the manifest says of it.</summary>
/// <param name="MeasureAsync">Measures a text.</param>
/// <param name="Description">Model and settings, such as "longwriter-tiny, window 1024".</param>
public sealed record BenchmarkNll(Func<string, CancellationToken, Task<IReadOnlyList<NllPoint>>> MeasureAsync, string Description);

/// <summary>Prices of a model, in any currency.</summary>
/// <param name="InputPerMillion">Price of a million input tokens, 0 or more; cached ones count in full.</param>
/// <param name="OutputPerMillion">Price of a million output tokens, 0 or more.</param>
public sealed record TokenPrices(decimal InputPerMillion, decimal OutputPerMillion)
{
    /// <summary>What tokens cost.</summary>
    /// <param name="usage">The tokens.</param>
    /// <returns>The cost, in the currency of the prices.</returns>
    public decimal CostOf(TokenUsage usage) => ((usage.InputTokens * InputPerMillion) + (usage.OutputTokens * OutputPerMillion)) / 1_000_000m;
}

/// <summary>Where a run stands. Immutable.</summary>
/// <param name="Done">Results there are, those of an earlier start included.</param>
/// <param name="Total">Results there will be.</param>
/// <param name="Failed">Of those done, the ones without a usable text.</param>
/// <param name="Elapsed">Time since this start.</param>
/// <param name="Remaining">Time that is left at the pace so far, by required words; null while there is no pace.</param>
/// <param name="Usage">Tokens of all texts so far, judgements not counted.</param>
/// <param name="Cost">What those tokens cost; null without prices.</param>
/// <param name="Last">The result that was just added; null at the start.</param>
public sealed record BenchmarkProgress(
    int Done, int Total, int Failed, TimeSpan Elapsed, TimeSpan? Remaining, TokenUsage Usage, decimal? Cost, BenchmarkResult? Last);
