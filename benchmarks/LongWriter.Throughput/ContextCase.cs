using System.Diagnostics;
using LongWriter.Onnx.Decoding;

namespace LongWriter.Throughput;

/// <summary>Measures one length of context on one engine with one slot. Times are taken where a token is handed out, on the engine's thread.</summary>
internal sealed class ContextCase(DecodingEngine engine, int newTokens)
{
    /// <summary>Tokens at the end of a prompt that are new when the rest is cached: about one turn that asks for the next section.</summary>
    public const int TurnTokens = 32;

    private readonly long[] stamps = new long[newTokens + 1];
    private Totals first;
    private Totals last;

    /// <summary>Takes the memory and the code paths that the longest context needs, unmeasured.</summary>
    public Task WarmUpAsync(int longestContext) => TimeAsync(Prompts.Draw(longestContext, round: 0, engine.VocabSize), newTokens + 1, expectedCached: null);

    public async Task MeasureAsync(ContextSamples samples, int round)
    {
        await Prompts.EvictAsync(engine);
        int[] prompt = Prompts.Draw(samples.ContextTokens, round + 1, engine.VocabSize);
        samples.ColdFirstTokenMs.Add(await TimeAsync(prompt, newTokens + 1, expectedCached: 0));
        samples.AddInterToken([.. stamps.Zip(stamps.Skip(1), (earlier, later) => Stopwatch.GetElapsedTime(earlier, later).TotalMilliseconds)]);
        samples.AddOverhead((last.AllocatedBytes - first.AllocatedBytes) / (double)newTokens, 1 - ((last.Native - first.Native) / Stopwatch.GetElapsedTime(stamps[0], stamps[^1])));

        // The same text with another last turn, as a document's writer sends it.
        int kept = prompt.Length - TurnTokens;
        prompt = [.. prompt[..kept], .. prompt[kept..].Select(id => id + 1 < engine.VocabSize ? id + 1 : id - 1)];
        samples.CachedFirstTokenMs.Add(await TimeAsync(prompt, 1, kept));
    }

    /// <summary>Milliseconds to the first token; the stamps of all tokens are left in <see cref="stamps"/>.</summary>
    private async Task<double> TimeAsync(int[] prompt, int tokens, int? expectedCached)
    {
        int count = 0;
        var request = new DecodingRequest(prompt, SamplingOptions.Greedy, tokens, []);
        long start = Stopwatch.GetTimestamp();
        DecodingResult result = await engine.DecodeAsync(request, _ => Stamp(), CancellationToken.None);
        if (expectedCached is { } expected && result.CachedPromptTokens != expected)
        {
            throw new InvalidOperationException($"{expected} of {prompt.Length} prompt tokens should be cached but {result.CachedPromptTokens} were.");
        }

        return Stopwatch.GetElapsedTime(start, stamps[0]).TotalMilliseconds;

        // Counting what was allocated takes its time, which must not fall between the first stamp and the last.
        bool Stamp()
        {
            if (count == 0)
            {
                first = new Totals(GC.GetTotalAllocatedBytes(precise: true), engine.NativeTime);
            }

            stamps[count++] = Stopwatch.GetTimestamp();
            if (count == stamps.Length)
            {
                last = new Totals(AllocatedBytes: 0, engine.NativeTime);
                last = last with { AllocatedBytes = GC.GetTotalAllocatedBytes(precise: true) };
            }

            return true;
        }
    }

    /// <param name="AllocatedBytes">Managed memory that all threads have taken so far.</param>
    /// <param name="Native">Time in native runs so far.</param>
    private readonly record struct Totals(long AllocatedBytes, TimeSpan Native);
}
