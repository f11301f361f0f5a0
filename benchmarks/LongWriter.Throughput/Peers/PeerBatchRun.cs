using System.Diagnostics;
using System.Numerics.Tensors;

namespace LongWriter.Throughput.Peers;

/// <summary>Documents decoded together by ours and by llama.cpp, held to the same tokens. Each reads the prompts once for each length and then goes back to their ends, so that decoding alone is measured.</summary>
internal static class PeerBatchRun
{
    private const int ComparedTokens = 8;

    public static async Task<IReadOnlyList<Measurement>> RunAsync(ThroughputOptions options, TextWriter progress)
    {
        List<Measurement> all = [];
        foreach (string precision in options.Precisions)
        {
            ThroughputRun.Subject subject = ThroughputRun.Prepare(options, precision);
            using PeerEngines engines = await PeerEngines.LoadAsync(options, subject, options.Contexts.Max() + options.NewTokens + 1, options.Batches.Max());
            LlamaEngine llama = engines.Llama!;
            var ours = new BatchCase(engines.Own.Engine, options.NewTokens, isForced: true);
            foreach (int context in options.Contexts)
            {
                await ours.PrefillAsync(context, options.Batches.Max());
                int[][] texts = [.. Enumerable.Range(0, options.Batches.Max()).Select(number => Prompts.Draw(context + options.NewTokens, number, subject.Manifest.VocabSize))];
                all.Add(Prefill(llama, texts, precision, context, progress));
                Measurement[] own = [.. options.Batches.Select(batch => New(engines.Own, precision, context, batch))];
                Measurement[] theirs = [.. options.Batches.Select(batch => New(llama, precision, context, batch))];
                for (int round = 0; round < options.Rounds; round++)
                {
                    foreach (IPeerEngine engine in engines.InRound(round))
                    {
                        for (int i = 0; i < options.Batches.Count; i++)
                        {
                            if (engine == engines.Own)
                            {
                                own[i].ByRound.Add((await ours.MeasureAsync(context, options.Batches[i])).TokensPerSecond);
                            }
                            else
                            {
                                theirs[i].ByRound.Add(Measure(llama.Library, texts.AsSpan(0, options.Batches[i]), context));
                            }
                        }
                    }
                }

                all.AddRange(own);
                all.AddRange(theirs);
                progress.WriteLine($"{precision}, context {context}: {options.Rounds} rounds.");
            }
        }

        return all;
    }

    /// <summary>Reads the prompts, and gives the share of places at which llama.cpp finds the same token likeliest alone and decoding all texts together: whether this program feeds it rightly.</summary>
    private static Measurement Prefill(LlamaEngine engine, int[][] texts, string precision, int context, TextWriter progress)
    {
        LlamaCpp library = engine.Library;
        library.Clear();
        int[] alone = new int[ComparedTokens * texts.Length];
        for (int sequence = 0; sequence < texts.Length; sequence++)
        {
            library.Append(texts[sequence].AsSpan(0, context), 0, sequence);
            for (int step = 0; step < ComparedTokens; step++)
            {
                alone[(step * texts.Length) + sequence] = TensorPrimitives.IndexOfMax(library.Append(texts[sequence].AsSpan(context + step, 1), context + step, sequence));
            }

            library.Rewind(sequence, context);
        }

        int[] together = new int[alone.Length];
        Measure(library, [.. texts.Select(text => text[..(context + ComparedTokens + 1)])], context, together);
        double share = alone.Zip(together, (one, other) => one == other ? 1.0 : 0).Average();
        progress.WriteLine($"{precision}, context {context}: llama.cpp finds the same token likeliest alone and together in {share:P1} of {alone.Length} places.");
        return New(engine, precision, context, texts.Length) with { What = "likeliest", Unit = "share", ByRound = [share] };
    }

    /// <summary>Tokens per second of all texts together.</summary>
    private static double Measure(LlamaCpp library, ReadOnlySpan<int[]> texts, int context, int[]? likeliest = null)
    {
        int steps = texts[0].Length - context - 1;
        int[] ids = new int[texts.Length];
        int[] pasts = new int[texts.Length];
        likeliest ??= new int[steps * texts.Length];
        long begin = Stopwatch.GetTimestamp();
        for (int step = 0; step < steps; step++)
        {
            for (int sequence = 0; sequence < texts.Length; sequence++)
            {
                (ids[sequence], pasts[sequence]) = (texts[sequence][context + step], context + step);
            }

            library.Step(ids, pasts);
            for (int sequence = 0; sequence < texts.Length; sequence++)
            {
                likeliest[(step * texts.Length) + sequence] = TensorPrimitives.IndexOfMax(library.Logits(sequence));
            }
        }

        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        for (int sequence = 0; sequence < texts.Length; sequence++)
        {
            library.Rewind(sequence, context);
        }

        return steps * texts.Length / seconds;
    }

    private static Measurement New(IPeerEngine engine, string precision, int context, int sequences) => new()
    {
        Engine = engine.Name,
        Precision = precision,
        Weights = engine.Weights,
        Profile = engine.Profile,
        What = "batch",
        ContextTokens = context,
        Sequences = sequences,
        Unit = "tokens/s",
    };
}
