using System.Text;
using System.Text.Unicode;

namespace LongWriter.Onnx.Tokenization.Joining;

/// <summary>
/// Joins tokens to the UTF-8 of their text. A run of byte tokens is text only as a whole: when it is not valid UTF-8, the
/// reference makes U+FFFD of each of its bytes, so nothing of it is certain before it ends.
/// </summary>
/// <remarks>One per text; not safe for concurrent use.</remarks>
internal sealed class PieceJoiner(TokenBytes tokens, JoiningPlan plan)
{
    private byte[] run = [];
    private int runLength;
    private byte[] joined = [];
    private bool isFirst = true;

    /// <summary>How many bytes wait for the end of their run.</summary>
    public int WaitingBytes => runLength;

    /// <summary>Takes an id and returns the bytes that are certain now; they are valid until the next call.</summary>
    public ReadOnlySpan<byte> Append(int id, bool skipSpecialTokens)
    {
        if (plan.IsPlain)
        {
            return tokens.Of(id, skipSpecialTokens);
        }

        // A token that is left out, or is none, does not end a run.
        if (!tokens.Exists(id) || (skipSpecialTokens && tokens.IsLeftOut(id)))
        {
            return default;
        }

        if (tokens.IsByte(id))
        {
            EnsureRoom(ref run, runLength + 1);
            run[runLength++] = tokens.Of(id)[0];
            return default;
        }

        ReadOnlySpan<byte> ended = Flush();
        ReadOnlySpan<byte> token = isFirst ? tokens.OfFirst(id) : tokens.Of(id);
        isFirst = false;
        if (ended.IsEmpty)
        {
            return token;
        }

        int length = ended.Length;
        EnsureRoom(ref joined, length + token.Length);
        token.CopyTo(joined.AsSpan(length));
        return joined.AsSpan(0, length + token.Length);
    }

    /// <summary>Ends a run of byte tokens and returns its bytes; they are valid until the next call.</summary>
    public ReadOnlySpan<byte> Flush()
    {
        if (runLength == 0)
        {
            return default;
        }

        ReadOnlySpan<byte> bytes = run.AsSpan(0, runLength);
        runLength = 0;
        int length = 0;
        if (!Utf8.IsValid(bytes))
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                Add(TokenBytes.Join("\uFFFD", plan, TakeFirst()), ref length);
            }
        }
        else if (plan.LaterSteps.Count == 0 && !plan.IsByteLevel)
        {
            isFirst = false;
            Add(bytes, ref length);
        }
        else
        {
            Add(TokenBytes.Join(Encoding.UTF8.GetString(bytes), plan, TakeFirst()), ref length);
        }

        return joined.AsSpan(0, length);
    }

    /// <summary>A new text begins.</summary>
    public void Reset()
    {
        runLength = 0;
        isFirst = true;
    }

    private bool TakeFirst()
    {
        bool first = isFirst;
        isFirst = false;
        return first;
    }

    private void Add(ReadOnlySpan<byte> bytes, ref int length)
    {
        EnsureRoom(ref joined, length + bytes.Length);
        bytes.CopyTo(joined.AsSpan(length));
        length += bytes.Length;
    }

    private static void EnsureRoom(ref byte[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            Array.Resize(ref buffer, Math.Max(length, Math.Max(64, 2 * buffer.Length)));
        }
    }
}
