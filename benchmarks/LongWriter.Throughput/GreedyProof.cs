using LongWriter.Onnx.Decoding;

namespace LongWriter.Throughput;

/// <summary>
/// Numbers of an engine that computes something else are worth nothing. So the greedy tokens of prefill, then decode are compared with those of the
/// plain run, which keeps no keys and values and computes the whole text anew for each token.
/// </summary>
internal static class GreedyProof
{
    /// <summary>Tokens compared.</summary>
    public const int Tokens = 32;

    private const int PromptTokens = 96;

    /// <exception cref="GreedyProofException">A token differs, or the plain run was served from a cache.</exception>
    public static async Task AssertAsync(IDecodingEngine engine, string precision)
    {
        int[] prompt = Prompts.Draw(PromptTokens, round: 0, engine.VocabSize);
        List<int> cached = [];
        await engine.DecodeAsync(Greedy(prompt, Tokens), Collect(cached), CancellationToken.None);
        List<int> plain = [];
        while (plain.Count < Tokens)
        {
            await Prompts.EvictAsync(engine);
            DecodingResult result = await engine.DecodeAsync(Greedy([.. prompt, .. plain], 1), Collect(plain), CancellationToken.None);
            if (result.CachedPromptTokens > 0)
            {
                throw new GreedyProofException($"{precision}: the plain run must compute everything but found {result.CachedPromptTokens} tokens computed before.");
            }
        }

        for (int i = 0; i < Tokens; i++)
        {
            if (cached[i] != plain[i])
            {
                throw new GreedyProofException($"{precision}: token {i + 1} must be {plain[i]}, as in the plain run, but is {cached[i]}. Nothing was measured.");
            }
        }
    }

    private static DecodingRequest Greedy(int[] prompt, int tokens) => new(prompt, SamplingOptions.Greedy, tokens, []);

    private static Func<int, bool> Collect(List<int> tokens) => token =>
    {
        tokens.Add(token);
        return true;
    };
}

/// <summary>The engine does not compute what the plain run computes.</summary>
internal sealed class GreedyProofException(string message) : Exception(message);
