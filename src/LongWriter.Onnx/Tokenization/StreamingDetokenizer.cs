using System.Buffers;
using System.Text;

namespace LongWriter.Onnx.Tokenization;

/// <summary>
/// Turns ids into text as they are generated. Never emits part of a character: an unfinished one waits for its other bytes,
/// and a pair of surrogates comes in one. All that was emitted, with <see cref="Flush"/>, is <see cref="Tokenizer.Decode"/> of all ids.
/// </summary>
/// <remarks>One per sequence; not safe for concurrent use.</remarks>
/// <param name="tokenizer">The tokenizer of the ids.</param>
/// <param name="skipSpecialTokens">True when special tokens leave no text.</param>
public sealed class StreamingDetokenizer(Tokenizer tokenizer, bool skipSpecialTokens = false)
{
    private readonly Tokenizer tokenizer = tokenizer ?? throw new ArgumentNullException(nameof(tokenizer));

    // Keeps up to three bytes of an unfinished character and replaces invalid ones exactly as a decode of the whole does.
    private readonly Decoder utf8 = Encoding.UTF8.GetDecoder();

    /// <summary>Takes one id and returns the text that is certain now.</summary>
    /// <param name="tokenId">The next id; one that no token has leaves no text.</param>
    /// <returns>The text, often empty.</returns>
    public string Append(int tokenId)
    {
        ReadOnlySpan<byte> bytes = tokenizer.BytesOf(tokenId, skipSpecialTokens);
        if (bytes.IsEmpty)
        {
            return "";
        }

        char[]? rented = null;
        int maxUnits = MaxUnits(bytes);
        Span<char> units = maxUnits <= 256 ? stackalloc char[256] : rented = ArrayPool<char>.Shared.Rent(maxUnits);
        try
        {
            return units[..utf8.GetChars(bytes, units, flush: false)].ToString();
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented);
            }
        }
    }

    /// <summary>Takes one id and writes the text that is certain now, without allocating.</summary>
    /// <param name="tokenId">The next id; one that no token has leaves no text.</param>
    /// <param name="destination">Where the text goes.</param>
    public void Append(int tokenId, IBufferWriter<char> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ReadOnlySpan<byte> bytes = tokenizer.BytesOf(tokenId, skipSpecialTokens);
        if (!bytes.IsEmpty)
        {
            destination.Advance(utf8.GetChars(bytes, destination.GetSpan(MaxUnits(bytes)), flush: false));
        }
    }

    /// <summary>Ends the text: what is still unfinished comes out as U+FFFD. After it a new text may begin.</summary>
    /// <returns>The rest, mostly empty.</returns>
    public string Flush()
    {
        Span<char> units = stackalloc char[8];
        return units[..utf8.GetChars([], units, flush: true)].ToString();
    }

    // Each byte gives one unit at most, and the bytes that wait may give up to three replacements.
    private static int MaxUnits(ReadOnlySpan<byte> bytes) => bytes.Length + 4;
}
