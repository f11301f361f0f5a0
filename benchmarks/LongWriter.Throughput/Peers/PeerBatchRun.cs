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
            var ours = new BatchCase(engines.Own.Engine, options.NewTokens, isForced: true);
            foreach (int context in options.Contexts)
            {
                await ours.PrefillAsync(context, options.Batches.Max());
                int[][] texts = [.. Enumerable.Range(0, options.Batches.Max()).Select(number => Prompts.Draw(context + options.NewTokens, number, subject.Manifest.VocabSize))];
                Prefill(engines.Llama!.Library, texts, context);
                all.Add(await CompareAsync(engines, texts, precision, context, progress));
                Measurement[] own = [.. options.Batches.Select(batch => New(engines.Own, precision, context, batch))];
                Measurement[] theirs = [.. options.Batches.Select(batch => New(engines.Llama, precision, context, batch))];
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
                                theirs[i].ByRound.Add(Measure(engines.Llama.Library, texts.AsSpan(0, options.Batches[i]), context));
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

    /// <summary>The share of places in all texts at which llama.cpp, decoding them together, finds the token that ours finds alone.</summary>
    private static async Task<Measurement> CompareAsync(PeerEngines engines, int[][] texts, string precision, int context, TextWriter progress)
    {
        int[] theirs = new int[ComparedTokens * texts.Length];
        Measure(engines.Llama!.Library, [.. texts.Select(text => text[..(context + ComparedTokens + 1)])], context, theirs);
        int same = 0;
        for (int sequence = 0; sequence < texts.Length; sequence++)
        {
            int[] ours = await engines.Own.FindLikeliestAsync(texts[sequence][..(context + ComparedTokens + 1)], context + 1);
            same += ours.Where((id, step) => id == theirs[(step * texts.Length) + sequence]).Count();
        }

        double share = same / (double)theirs.Length;
        progress.WriteLine($"{precision}, context {context}: llama.cpp, decoding together, finds the token likeliest that ours finds in {share:P1} of {theirs.Length} places.");
        return New(engines.Llama, precision, context, texts.Length) with { What = "likeliest", Unit = "share", ByRound = [share] };
    }

    private static void Prefill(LlamaCpp library, int[][] texts, int context)
    {
        library.Clear();
        for (int sequence = 0; sequence < texts.Length; sequence++)
        {
            library.Append(texts[sequence].AsSpan(0, context), 0, sequence);
        }
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
