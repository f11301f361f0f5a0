using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Tokenization;

namespace LongWriter.Onnx.Chat;

/// <summary>What the client can tell about texts without writing one.</summary>
internal sealed class TextCapabilities(Tokenizer tokenizer, IDecodingEngine engine) : ITokenCounter, ITokenLogProbabilities
{
    public int ContextWindowTokens => engine.ContextTokens;

    public int CountTokens(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return tokenizer.CountTokens(text, parseSpecialTokens: false);
    }

    public async Task<IReadOnlyList<TokenLogProbability>> GetLogProbabilitiesAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        int[] ids = await Task.Run(() => tokenizer.Encode(text, parseSpecialTokens: false).ToArray(), cancellationToken).ConfigureAwait(false);
        if (ids.Length == 0)
        {
            return [];
        }

        float[] values = await engine.LogProbabilitiesAsync(ids, cancellationToken).ConfigureAwait(false);
        var detokenizer = new StreamingDetokenizer(tokenizer);
        var tokens = new TokenLogProbability[ids.Length];
        for (int i = 0; i < ids.Length; i++)
        {
            tokens[i] = new TokenLogProbability(detokenizer.Append(ids[i]), ids[i], i == 0 ? null : values[i]);
        }

        // Bytes that stand as tokens wait for what follows them.
        tokens[^1] = tokens[^1] with { Text = tokens[^1].Text + detokenizer.Flush() };
        return tokens;
    }
}
