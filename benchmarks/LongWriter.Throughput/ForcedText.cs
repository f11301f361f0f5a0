using System.Diagnostics;
using LongWriter.Onnx.Decoding;

namespace LongWriter.Throughput;

/// <summary>Makes an engine generate a given text, whatever the model thinks of it, so that two ways to decode do the same work.</summary>
internal sealed class ForcedText : ILogitsProcessor
{
    /// <summary>Tokens behind a prompt that are written before anything is measured.</summary>
    private const int WarmUpTokens = 8;

    private readonly int[] text;
    private int next;

    /// <param name="text">The prompt and what is to be generated.</param>
    /// <param name="from">Tokens of the prompt.</param>
    public ForcedText(int[] text, int from) => (this.text, next) = (text, from);

    /// <summary>Generates what follows the first tokens of a text.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="text">The prompt and what is to be generated.</param>
    /// <param name="promptTokens">Tokens of the prompt.</param>
    /// <param name="onFirst">Called when the first token is there, before anything of the next one is computed; null for nothing.</param>
    /// <returns>Seconds from the request to the first token, and from there to the last; what the engine says of it.</returns>
    /// <exception cref="GreedyProofException">The tokens that came out are not those of the text.</exception>
    public static async Task<(double ToFirst, double FromFirst, DecodingResult Result)> GenerateAsync(IDecodingEngine engine, int[] text, int promptTokens, Action? onFirst = null)
    {
        int at = promptTokens;
        long begin = Stopwatch.GetTimestamp();
        long first = 0;
        long last = 0;
        var request = new DecodingRequest(text.AsMemory(0, promptTokens), SamplingOptions.Greedy, text.Length - promptTokens, []) { LogitsProcessor = new ForcedText(text, promptTokens) };
        DecodingResult result = await engine.DecodeAsync(request, Accept, CancellationToken.None);
        return at == text.Length
            ? (Stopwatch.GetElapsedTime(begin, first).TotalSeconds, Stopwatch.GetElapsedTime(first, last).TotalSeconds, result)
            : throw new GreedyProofException($"Token {at - promptTokens + 1} must be {text[at]}, as in the text, but is another one. Nothing was measured.");

        bool Accept(int id)
        {
            last = Stopwatch.GetTimestamp();
            if (at == promptTokens)
            {
                first = last;
                onFirst?.Invoke();
            }

            if (id != text[at])
            {
                return false;
            }

            at++;
            return true;
        }
    }

    /// <summary>Tokens per second of a text behind its first tokens, which are read before, with a few of those that follow.</summary>
    /// <inheritdoc cref="GenerateAsync"/>
    public static async Task<(double TokensPerSecond, DecodingResult Result)> SpeedAsync(IDecodingEngine engine, int[] text, int promptTokens)
    {
        await GenerateAsync(engine, text[..(promptTokens + WarmUpTokens)], promptTokens);
        (_, double seconds, DecodingResult result) = await GenerateAsync(engine, text, promptTokens);
        return ((text.Length - promptTokens - 1) / seconds, result);
    }

    public void Process(Span<float> logits) => logits[text[next++]] = 1e9f;
}
