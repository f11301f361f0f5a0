using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Throughput;

/// <summary>
/// Tokens per second of sequences decoded together. First it proves that each gives the tokens that it gives alone; then it measures, round after round over
/// contexts and numbers of sequences, so that what slows the machine down for a while slows all of them down.
/// </summary>
internal static class BatchRun
{
    public static async Task<IReadOnlyList<BatchSamples>> RunAsync(ThroughputOptions options, TextWriter progress)
    {
        List<BatchSamples> all = [];
        foreach (string precision in options.Precisions)
        {
            ThroughputRun.Subject subject = ThroughputRun.Prepare(options, precision);
            BatchSamples[] samples = [.. options.Contexts.SelectMany(context => options.Batches.Select(batch => new BatchSamples(precision, subject.Profile, context, batch)))];
            using DecodingEngine engine = Load(options, subject);
            var batchCase = new BatchCase(engine, options.NewTokens);
            foreach (int context in options.Contexts)
            {
                await batchCase.ProveAsync(context, options.Batches.Max());
            }

            progress.WriteLine($"{precision}: {options.NewTokens} greedy tokens of each sequence equal those it gives alone.");
            for (int round = 0; round < options.Rounds; round++)
            {
                foreach (int context in options.Contexts)
                {
                    await batchCase.PrefillAsync(context, options.Batches.Max());
                    foreach (BatchSamples sample in samples.Where(sample => sample.ContextTokens == context))
                    {
                        sample.Rounds.Add(await batchCase.MeasureAsync(context, sample.Sequences));
                    }
                }

                progress.WriteLine($"Round {round + 1} of {options.Rounds} is done.");
            }

            all.AddRange(samples);
        }

        return all;
    }

    private static DecodingEngine Load(ThroughputOptions options, ThroughputRun.Subject subject) => DecodingEngine.Load(
        new EngineOptions
        {
            ModelFolder = subject.Folder,
            MaxContextTokens = options.ContextTokensOf(subject.Manifest.MaxPositions),
            Slots = options.Batches.Max(),
            MaxConcurrentSequences = options.Batches.Max(),
            Threads = options.Threads,
            Runtime = new OnnxRuntimeOptions(),
        },
        NullLogger.Instance);
}

/// <summary>What the rounds gave for one number of sequences at one length of context.</summary>
/// <param name="Precision">Of the weights.</param>
/// <param name="Profile">Of the export.</param>
/// <param name="ContextTokens">Of each prompt.</param>
/// <param name="Sequences">Decoded together.</param>
internal sealed record BatchSamples(string Precision, string Profile, int ContextTokens, int Sequences)
{
    public List<BatchSample> Rounds { get; } = [];

    public double TokensPerSecond => Percentiles.Median(Rounds.Select(round => round.TokensPerSecond));

    public Measurement ToMeasurement() => new()
    {
        Engine = "LongWriter",
        Precision = Precision,
        Profile = Profile,
        What = "batch",
        ContextTokens = ContextTokens,
        Sequences = Sequences,
        Unit = "tokens/s",
        ByRound = [.. Rounds.Select(round => round.TokensPerSecond)],
    };

    public double CpuMsPerToken => Percentiles.Median(Rounds.Select(round => round.CpuMsPerToken));
}

/// <summary>What one round gave.</summary>
/// <param name="TokensPerSecond">Of all sequences together.</param>
/// <param name="CpuMsPerToken">Processor time of the process, which other processes on the machine change less.</param>
internal readonly record struct BatchSample(double TokensPerSecond, double CpuMsPerToken);
