using System.Diagnostics;
using LongWriter.Onnx.Decoding;

namespace LongWriter.Throughput;

/// <summary>Decodes several prompts together on one engine, which keeps all of them, so that they join the batch at once.</summary>
/// <param name="engine">With as many slots as sequences.</param>
/// <param name="newTokens">Of each sequence.</param>
/// <param name="isForced">Each sequence writes tokens that are drawn, in place of its likeliest.</param>
internal sealed class BatchCase(DecodingEngine engine, int newTokens, bool isForced = false)
{
    /// <exception cref="GreedyProofException">A token differs.</exception>
    public async Task ProveAsync(int contextTokens, int sequences)
    {
        List<int[]> alone = [];
        for (int i = 0; i < sequences; i++)
        {
            alone.Add((await DecodeAsync(contextTokens, i)).Tokens);
        }

        (int[] Tokens, Stamp[] Stamps)[] together = await DecodeTogetherAsync(contextTokens, sequences);
        for (int i = 0; i < sequences; i++)
        {
            if (!together[i].Tokens.AsSpan().SequenceEqual(alone[i]))
            {
                throw new GreedyProofException($"Sequence {i + 1} of {sequences} at context {contextTokens} must give the tokens it gives alone but does not. Nothing was measured.");
            }
        }
    }

    /// <summary>Computes the prompts where they are not kept.</summary>
    public async Task PrefillAsync(int contextTokens, int sequences)
    {
        for (int i = 0; i < sequences; i++)
        {
            await DecodeAsync(contextTokens, i, tokens: 1);
        }
    }

    /// <summary>What all sequences together do while all of them decode: from when the last one had its first token until one has its last.</summary>
    public async Task<BatchSample> MeasureAsync(int contextTokens, int sequences)
    {
        Stamp[][] stamps = [.. (await DecodeTogetherAsync(contextTokens, sequences)).Select(result => result.Stamps)];
        Stamp start = stamps.Select(times => times[0]).MaxBy(stamp => stamp.Ticks);
        Stamp end = stamps.Select(times => times[^1]).MinBy(stamp => stamp.Ticks);
        int tokens = stamps.Sum(times => times.Count(time => time.Ticks > start.Ticks && time.Ticks <= end.Ticks));
        return new BatchSample(tokens / Stopwatch.GetElapsedTime(start.Ticks, end.Ticks).TotalSeconds, (end.Cpu - start.Cpu).TotalMilliseconds / tokens);
    }

    /// <summary>The same while something else is measured, which is told when it begins and when it ends.</summary>
    /// <returns>Steps between.</returns>
    public async Task<int> WatchAsync(int contextTokens, int sequences, Action begin, Action end)
    {
        // All of it happens on the engine's thread.
        int[] counts = new int[sequences];
        int[] atBegin = new int[sequences];
        int steps = 0;
        await Task.WhenAll(Enumerable.Range(0, sequences).Select(i => DecodeAsync(contextTokens, i, onToken: () => Count(i))));
        return steps;

        void Count(int number)
        {
            counts[number]++;
            if (counts[number] == 1 && !counts.Contains(0))
            {
                counts.CopyTo(atBegin, 0);
                begin();
            }

            if (counts[number] == newTokens && steps == 0)
            {
                end();
                steps = newTokens - atBegin[number];
            }
        }
    }

    private async Task<(int[] Tokens, Stamp[] Stamps)[]> DecodeTogetherAsync(int contextTokens, int sequences) =>
        await Task.WhenAll(Enumerable.Range(0, sequences).Select(i => DecodeAsync(contextTokens, i)));

    private async Task<(int[] Tokens, Stamp[] Stamps)> DecodeAsync(int contextTokens, int number, int? tokens = null, Action? onToken = null)
    {
        int[] ids = new int[tokens ?? newTokens];
        var stamps = new Stamp[ids.Length];
        int count = 0;
        int[] text = Prompts.Draw(contextTokens + ids.Length, number, engine.VocabSize);
        var request = new DecodingRequest(text.AsMemory(0, contextTokens), SamplingOptions.Greedy, ids.Length, []) { LogitsProcessor = isForced ? new ForcedText(text, contextTokens) : null };
        await engine.DecodeAsync(request, Accept, CancellationToken.None);
        return (ids, stamps);

        bool Accept(int id)
        {
            (ids[count], stamps[count]) = (id, new Stamp(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime));
            count++;
            onToken?.Invoke();
            return true;
        }
    }

    private readonly record struct Stamp(long Ticks, TimeSpan Cpu);
}
