using System.Buffers;
using System.Text;
using LongWriter.Onnx.Tokenization.Joining;

namespace LongWriter.Onnx.Tokenization;

/// <summary>
/// Turns ids into text as they are generated. Never emits part of a character: an unfinished one waits for its other bytes,
/// and a pair of surrogates comes in one. All that was emitted, with <see cref="Flush"/>, is <see cref="Tokenizer.Decode"/> of all ids.
/// </summary>
/// <remarks>
/// One per sequence; not safe for concurrent use. Where a vocabulary writes bytes as tokens such as <c>&lt;0x0A&gt;</c>, a run of
/// them waits for the next token, since an invalid one spoils the whole run.
/// </remarks>
/// <param name="tokenizer">The tokenizer of the ids.</param>
/// <param name="skipSpecialTokens">True when special tokens leave no text.</param>
public sealed class StreamingDetokenizer(Tokenizer tokenizer, bool skipSpecialTokens = false)
{
    private readonly Tokenizer tokenizer = tokenizer ?? throw new ArgumentNullException(nameof(tokenizer));
    private readonly PieceJoiner joiner = tokenizer.CreateJoiner();

    // Keeps up to three bytes of an unfinished character and replaces invalid ones exactly as a decode of the whole does.
    private readonly Decoder utf8 = Encoding.UTF8.GetDecoder();
    private int stripsLeft = tokenizer.LeadingStrip?.Count ?? 0;
    private long joinedBytes;

    /// <summary>How many bytes the text has that the ids so far spell, with those of characters that are not certain yet.</summary>
    internal long ByteCount => joinedBytes + joiner.WaitingBytes;

    /// <summary>Takes one id and returns the text that is certain now.</summary>
    /// <param name="tokenId">The next id; one that no token has leaves no text.</param>
    /// <returns>The text, often empty.</returns>
    public string Append(int tokenId)
    {
        ReadOnlySpan<byte> bytes = joiner.Append(tokenId, skipSpecialTokens);
        return bytes.IsEmpty ? "" : ToText(bytes, flush: false);
    }

    /// <summary>Takes one id and writes the text that is certain now, without allocating.</summary>
    /// <param name="tokenId">The next id; one that no token has leaves no text.</param>
    /// <param name="destination">Where the text goes.</param>
    public void Append(int tokenId, IBufferWriter<char> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ReadOnlySpan<byte> bytes = joiner.Append(tokenId, skipSpecialTokens);
        if (!bytes.IsEmpty)
        {
            Span<char> units = destination.GetSpan(MaxUnits(bytes));
            ReadOnlySpan<char> text = ToText(bytes, units, flush: false);
            text.CopyTo(units);
            destination.Advance(text.Length);
        }
    }

    /// <summary>Ends the text: what is still unfinished comes out as U+FFFD. After it a new text may begin.</summary>
    /// <returns>The rest, mostly empty.</returns>
    public string Flush()
    {
        string rest = ToText(joiner.Flush(), flush: true);
        joiner.Reset();
        stripsLeft = tokenizer.LeadingStrip?.Count ?? 0;
        joinedBytes = 0;
        return rest;
    }

    private string ToText(ReadOnlySpan<byte> bytes, bool flush)
    {
        char[]? rented = null;
        int maxUnits = MaxUnits(bytes);
        Span<char> units = maxUnits <= 256 ? stackalloc char[256] : rented = ArrayPool<char>.Shared.Rent(maxUnits);
        try
        {
            return ToText(bytes, units, flush).ToString();
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented);
            }
        }
    }

    private ReadOnlySpan<char> ToText(ReadOnlySpan<byte> bytes, Span<char> units, bool flush)
    {
        joinedBytes += bytes.Length;
        ReadOnlySpan<char> text = units[..utf8.GetChars(bytes, units, flush)];
        if (stripsLeft > 0 && !text.IsEmpty)
        {
            int before = text.Length;
            text = Tokenizer.StripStart(text, tokenizer.LeadingStrip!.Text, ref stripsLeft);
            joinedBytes -= Encoding.UTF8.GetByteCount(units[..(before - text.Length)]);
        }

        return text;
    }

    // Each byte gives one unit at most, and the bytes that wait may give up to three replacements.
    private static int MaxUnits(ReadOnlySpan<byte> bytes) => bytes.Length + 4;
}
