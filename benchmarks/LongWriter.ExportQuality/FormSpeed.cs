using System.Diagnostics;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.ExportQuality;

/// <summary>How fast an export reads and decodes. Rounds of several exports take turns; one model is loaded at a time.</summary>
internal sealed class FormSpeed(string folder, int threads)
{
    /// <summary>Tokens of a context, one short and one that most models have.</summary>
    public const int Short = 128;
    public const int Long = 2048;

    private const int Chunk = 512;
    private const int DecodedTokens = 48;

    private readonly List<double> shortMs = [];
    private readonly List<double> longMs = [];
    private readonly List<double> readPerSecond = [];
    private readonly List<double> intReadPerSecond = [];

    /// <summary>Milliseconds of a token behind so many; medians over the rounds.</summary>
    public double ShortMs => Median(shortMs);

    public double LongMs => Median(longMs);

    /// <summary>Tokens per second of a prompt of <see cref="Long"/>, by a second graph where the export has one.</summary>
    public double ReadPerSecond => Median(readPerSecond);

    /// <summary>The same without the second graph.</summary>
    public double IntReadPerSecond => Median(intReadPerSecond);

    public void Measure(int round)
    {
        using DecoderModel model = DecoderModel.Load(folder, new OnnxRuntimeOptions { IntraOpThreads = threads }, NullLogger.Instance, withPrefill: true);
        int positions = Math.Min(Long + DecodedTokens + 1, model.Manifest.MaxPositions);
        int context = positions - DecodedTokens - 1;
        using KvCache cache = KvCache.Create(model, rows: 1, positions);
        using KvCache plainCache = KvCache.Create(model, rows: 1, positions);
        using var plain = new ModelRunner(model, plainCache);
        using var runner = new ModelRunner(model, cache, FloatPrefill.Create(model, cache, long.MaxValue));
        using var options = new OrtRunOptions(model.Session.Environment);
        var random = new Random(round);
        int[] ids = [.. Enumerable.Range(0, positions).Select(_ => random.Next(model.Manifest.VocabSize))];
        Read(plain, ids.AsSpan(0, Chunk), options);
        Read(runner, ids.AsSpan(0, Chunk), options);
        intReadPerSecond.Add(context / Read(plain, ids.AsSpan(0, context), options).TotalSeconds);
        readPerSecond.Add(context / Read(runner, ids.AsSpan(0, context), options).TotalSeconds);
        longMs.Add(Decode(runner, ids, context, options));
        shortMs.Add(Decode(runner, ids, Short, options));
    }

    private static TimeSpan Read(ModelRunner runner, ReadOnlySpan<int> ids, OrtRunOptions options)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int past = 0; past < ids.Length; past += Chunk)
        {
            runner.Run(0, ids.Slice(past, Math.Min(Chunk, ids.Length - past)), past, 1, options);
        }

        return Stopwatch.GetElapsedTime(begin);
    }

    private static double Decode(ModelRunner runner, int[] ids, int context, OrtRunOptions options)
    {
        List<double> times = [];
        for (int i = 0; i < DecodedTokens; i++)
        {
            long begin = Stopwatch.GetTimestamp();
            runner.Run(0, ids.AsSpan(context + i, 1), context + i, 1, options);
            times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }

        return Median(times);
    }

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
