using System.Diagnostics;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Throughput;

/// <summary>
/// One sequence that grows to so many tokens, drawn one by one from a short prompt: what a token costs in time, and the sequence in memory, at 1,024, 2,048, 4,096, … tokens. Beyond the model's own context its
/// window slides.
/// </summary>
internal static class LongRun
{
    private const int PromptTokens = 16;
    private const int FirstMark = 1024;
    private const int LastTokens = 64;

    public static async Task<IReadOnlyList<LongMark>> RunAsync(ThroughputOptions options, int tokens, TextWriter progress)
    {
        List<LongMark> all = [];
        foreach (string precision in options.Precisions)
        {
            ThroughputRun.Subject subject = ThroughputRun.Prepare(options, precision);
            int context = Math.Min(tokens, subject.Manifest.MaxPositions);
            using DecodingEngine engine = DecodingEngine.Load(
                new EngineOptions
                {
                    ModelFolder = subject.Folder,
                    MaxContextTokens = context,
                    SlidingWindow = tokens > context ? new SlidingWindow(SinkTokens: null, KeptTokens: null) : null,
                    Slots = 1,
                    MaxConcurrentSequences = 1,
                    Threads = options.Threads,
                    PromptLookup = false,
                    Runtime = new OnnxRuntimeOptions(),
                },
                NullLogger.Instance);

            // Code is compiled and scratch memory taken before anything is measured.
            await engine.DecodeAsync(Request(engine, seed: 0, FirstMark), static _ => true, CancellationToken.None);
            await Prompts.EvictAsync(engine);
            var marks = new Marks(engine, precision, context, tokens, progress);
            await engine.DecodeAsync(Request(engine, seed: 1, tokens - PromptTokens), marks.Accept, CancellationToken.None);
            all.AddRange(marks.Found);
        }

        return all;
    }

    private static DecodingRequest Request(DecodingEngine engine, int seed, int newTokens) => new(
        Prompts.Draw(PromptTokens, seed, engine.VocabSize), new SamplingOptions { Temperature = 1, TopP = 0.95f, Seed = ThroughputRun.Seed }, newTokens, []);

    /// <summary>Looks on from the engine's thread.</summary>
    private sealed class Marks(DecodingEngine engine, string precision, int context, int tokens, TextWriter progress)
    {
        private readonly double[] seconds = new double[LastTokens];
        private readonly long residentBefore = Machine.MemoryBytes();
        private readonly long kvBefore = engine.KvResidentBytes ?? 0;
        private readonly int tokenBytes = engine.KvTokenBytes;
        private int count = PromptTokens;
        private int next = FirstMark;
        private int markedCount = PromptTokens;
        private long markedAllocated;
        private TimeSpan markedCpu;
        private long marked;
        private long last;

        public List<LongMark> Found { get; } = [];

        public bool Accept(int id)
        {
            long now = Stopwatch.GetTimestamp();
            if (marked == 0)
            {
                (marked, markedCpu, markedAllocated) = (now, Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread());
            }

            seconds[count % LastTokens] = Stopwatch.GetElapsedTime(last, now).TotalSeconds;
            last = now;
            if (++count == next || count == tokens)
            {
                Mark(now);
                next *= 2;

                // What looking costs is not the next token's.
                last = Stopwatch.GetTimestamp();
                (marked, markedCpu, markedCount, markedAllocated) = (last, Environment.CpuUsage.TotalTime, count, GC.GetAllocatedBytesForCurrentThread());
            }

            return true;
        }

        private void Mark(long now)
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread() - markedAllocated;
            double cpuMs = (Environment.CpuUsage.TotalTime - markedCpu).TotalMilliseconds;
            int passed = count - markedCount;
            Found.Add(new LongMark(
                precision,
                markedCount,
                count,
                1e3 * Percentiles.Median(seconds),
                1e3 * Stopwatch.GetElapsedTime(marked, now).TotalSeconds / passed,
                cpuMs / passed,
                (double)tokenBytes * Math.Min(count, context),
                engine.KvResidentBytes,
                Machine.MemoryBytes() - residentBefore + kvBefore,
                (double)allocated / passed));

            // A long run that is broken off has told what it saw.
            progress.WriteLine(LongReport.Row(Found[^1], Found.Count > 1 ? Found[^2] : null));
        }
    }
}

/// <summary>What was seen at so many tokens.</summary>
/// <param name="Precision">Of the weights.</param>
/// <param name="FromTokens">Of the sequence at the mark before.</param>
/// <param name="Tokens">Of the sequence, the prompt included.</param>
/// <param name="LastMs">Median of the last 64 tokens.</param>
/// <param name="MeanMs">Mean of all tokens since the mark before, reading again included.</param>
/// <param name="CpuMs">The same of the processor's time, all threads together: what others on the machine do weighs less on it.</param>
/// <param name="KvComputedBytes">Tokens in the context times bytes of a token.</param>
/// <param name="KvTakenBytes">Memory behind keys and values; null where nobody tells.</param>
/// <param name="GrownBytes">What the process grew since the first token, and keys and values that it began with.</param>
/// <param name="AllocatedPerToken">Managed bytes on the engine's thread.</param>
internal sealed record LongMark(
    string Precision, int FromTokens, int Tokens, double LastMs, double MeanMs, double CpuMs, double KvComputedBytes, long? KvTakenBytes, long GrownBytes, double AllocatedPerToken)
{
    public double MiddleTokens => (FromTokens + Tokens) / 2.0;
}
