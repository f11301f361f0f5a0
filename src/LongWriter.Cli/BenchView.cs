using System.Globalization;
using LongWriter.Benchmarking;
using LongWriter.Scoring;

namespace LongWriter.Cli;

/// <summary>A line for each text that is finished.</summary>
internal sealed class BenchView(TextWriter output) : IProgress<BenchmarkProgress>
{
    public void Report(BenchmarkProgress value)
    {
        if (value.Last is not { } result)
        {
            output.WriteLine(value.Done == 0
                ? FormattableString.Invariant($"{value.Total} texts to write")
                : FormattableString.Invariant($"{value.Done} of {value.Total} texts are there"));
            return;
        }

        List<string> facts =
        [
            Head(value, result),
            ProgressText.Duration(value.Elapsed),
            .. value.Remaining is { } left && value.Done < value.Total ? [$"about {ProgressText.Duration(left)} left"] : Array.Empty<string>(),
            FormattableString.Invariant($"{value.Usage.InputTokens} + {value.Usage.OutputTokens} tokens"),
            .. value.Cost is { } cost ? ["cost " + cost.ToString("0.####", CultureInfo.InvariantCulture)] : Array.Empty<string>(),
        ];
        output.WriteLine(string.Join(", ", facts));
    }

    /// <summary>Such as "[3/120] agent longbench-write-003: 412 of 400 words".</summary>
    private static string Head(BenchmarkProgress value, BenchmarkResult result)
    {
        string unit = result.Language == "zh" ? "字" : "words";
        string outcome = result.Failure is { } failure ? $"failed: {CellText.Head(failure, 100)}"
            : result.End == EndCause.Stop ? FormattableString.Invariant($"{result.Produced} of {result.Required} {unit}")
            : FormattableString.Invariant($"{result.Produced} of {result.Required} {unit}, ended with {result.End}");
        return FormattableString.Invariant($"[{value.Done}/{value.Total}] {result.Subject} {result.Id}: {outcome}{Judged(result)}");
    }

    private static string Judged(BenchmarkResult result) => result.Judgement switch
    {
        null => "",
        { Failure: not null } => ", not judged: the judge gave no marks",
        { } judgement => FormattableString.Invariant($", S_q {QualityAggregate.Compute(judgement):0.0}"),
    };
}
