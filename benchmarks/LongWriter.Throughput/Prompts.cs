using LongWriter.Onnx.Decoding;

namespace LongWriter.Throughput;

/// <summary>Token ids to feed: their values do not change the work, only which of them were seen before.</summary>
internal static class Prompts
{
    /// <summary>The id that no drawn prompt begins with.</summary>
    private const int EvictingId = 8;

    private const int FirstId = 16;

    /// <summary>Seeded ids above the special ones. Two rounds never begin with the same id, so that nothing is reused by accident.</summary>
    public static int[] Draw(int count, int round, int vocabSize)
    {
        var random = new Random(ThroughputRun.Seed + round);
        int[] ids = [.. Enumerable.Range(0, count).Select(_ => random.Next(FirstId, vocabSize))];
        ids[0] = FirstId + (round % (vocabSize - FirstId));
        return ids;
    }

    /// <summary>Makes the engine's only slot forget its text.</summary>
    public static Task EvictAsync(IDecodingEngine engine) =>
        engine.DecodeAsync(new DecodingRequest(new[] { EvictingId }, SamplingOptions.Greedy, 1, []), static _ => true, CancellationToken.None);
}
