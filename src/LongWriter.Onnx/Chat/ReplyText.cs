using System.Text;
using LongWriter.Onnx.Chat.Length;
using LongWriter.Onnx.Tokenization;

namespace LongWriter.Onnx.Chat;

/// <summary>Turns the ids of one reply into text to emit, and keeps what the <see cref="SegmentCache"/> needs. Not safe for concurrent use.</summary>
internal sealed class ReplyText(Tokenizer tokenizer, IReadOnlyList<string> stops, LengthGuide? guide = null)
{
    private readonly StreamingDetokenizer detokenizer = new(tokenizer, skipSpecialTokens: true);
    private readonly StopSequenceMatcher matcher = new(stops);
    private readonly StringBuilder text = new();
    private readonly List<int> ids = [];
    private readonly List<int> charEnds = [];
    private long textByteCount;
    private bool isFaithful = true;

    /// <summary>True once a stop string was met.</summary>
    public bool IsStopped => matcher.IsMatched;

    /// <summary>Takes an id and returns the text that is certain now, often none.</summary>
    public string Append(int id)
    {
        string piece = detokenizer.Append(id);
        Remember(id, piece);
        guide?.Append(id, piece);
        return matcher.Append(piece);
    }

    /// <summary>The text that waited for the end. Bytes of a character that never became whole are left out.</summary>
    public string Flush()
    {
        if (matcher.IsMatched)
        {
            return "";
        }

        string rest = detokenizer.Flush();
        rest = rest.Contains('\uFFFD', StringComparison.Ordinal) ? "" : rest;
        if (isFaithful && rest.Length > 0)
        {
            text.Append(rest);
            charEnds[^1] = text.Length;
        }

        string certain = matcher.Append(rest);
        return matcher.IsMatched ? certain : certain + matcher.Flush();
    }

    /// <summary>What was generated so far, as far as its ids spell exactly its text.</summary>
    public GeneratedSegment ToSegment() => new(text.ToString(), [.. ids], [.. charEnds]);

    private void Remember(int id, string piece)
    {
        // From a special token or from bytes that are no text on, the text no longer says which ids there were.
        isFaithful &= !tokenizer.IsSpecial(id) && !piece.Contains('\uFFFD', StringComparison.Ordinal);
        if (!isFaithful)
        {
            return;
        }

        text.Append(piece);
        textByteCount += Encoding.UTF8.GetByteCount(piece);
        ids.Add(id);
        charEnds.Add(detokenizer.ByteCount == textByteCount ? text.Length : -1);
    }
}
