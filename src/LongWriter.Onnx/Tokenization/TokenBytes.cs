using System.Text;
using LongWriter.Onnx.Tokenization.Files;
using LongWriter.Onnx.Tokenization.Joining;
using LongWriter.Onnx.Tokenization.Merging;

namespace LongWriter.Onnx.Tokenization;

/// <summary>The bytes that every token leaves in a text, in one block. An id that no token has, has no bytes.</summary>
internal sealed class TokenBytes
{
    private readonly Kinds[] kinds;
    private readonly ByteBlock later;
    private readonly ByteBlock first;

    public TokenBytes(IEnumerable<KeyValuePair<string, int>> vocabulary, IReadOnlyList<AddedToken> addedTokens, JoiningPlan plan)
    {
        var byId = new SortedDictionary<int, string>();
        foreach ((string token, int id) in vocabulary)
        {
            byId[id] = token;
        }

        foreach (AddedToken token in addedTokens)
        {
            byId[token.Id] = token.Text;
        }

        kinds = new Kinds[byId.Count == 0 ? 0 : byId.Keys.Max() + 1];
        var specials = addedTokens.Where(token => token.IsSpecial).Select(token => token.Content).ToHashSet(StringComparer.Ordinal);
        foreach (AddedToken token in addedTokens)
        {
            // The reference leaves out tokens by their text, and does not know a special one again that normalization changed.
            kinds[token.Id] |= Kinds.Added | (token.IsSpecial ? Kinds.Special : 0) | (specials.Contains(token.Text) ? Kinds.LeftOut : 0);
        }

        later = Build(isFirst: false);
        first = plan.TreatsFirstApart ? Build(isFirst: true) : later;

        ByteBlock Build(bool isFirst)
        {
            var block = new ByteBlock(kinds.Length);
            foreach ((int id, string token) in byId)
            {
                kinds[id] |= Kinds.Token;
                string text = token;
                foreach (PieceStep step in plan.Steps)
                {
                    text = step.Apply(text, isFirst);
                }

                if (plan.FallsBackToBytes && ByteToken.ValueOf(text) is { } value)
                {
                    kinds[id] |= Kinds.Byte;
                    block.Add(id, [value]);
                }
                else
                {
                    block.Add(id, Join(text, plan, isFirst));
                }
            }

            block.End();
            return block;
        }
    }

    [Flags]
    private enum Kinds : byte
    {
        Token = 1,
        Special = 2,
        Byte = 4,
        Added = 8,
        LeftOut = 16,
    }

    /// <summary>One more than the largest id.</summary>
    public int Count => kinds.Length;

    public bool Exists(int id) => Is(id, Kinds.Token);

    public bool IsSpecial(int id) => Is(id, Kinds.Special);

    /// <summary>True when the token leaves no text where special tokens are skipped.</summary>
    public bool IsLeftOut(int id) => Is(id, Kinds.LeftOut);

    /// <summary>True when the token is found in text before the model sees it.</summary>
    public bool IsAdded(int id) => Is(id, Kinds.Added);

    /// <summary>True when the token stands for one byte of a character, as in <c>&lt;0xE4&gt;</c>.</summary>
    public bool IsByte(int id) => Is(id, Kinds.Byte);

    public ReadOnlySpan<byte> Of(int id) => (uint)id < (uint)kinds.Length ? later[id] : default;

    public ReadOnlySpan<byte> Of(int id, bool skipSpecialTokens) => skipSpecialTokens && IsLeftOut(id) ? default : Of(id);

    /// <summary>The bytes of a token that no other precedes.</summary>
    public ReadOnlySpan<byte> OfFirst(int id) => (uint)id < (uint)kinds.Length ? first[id] : default;

    /// <summary>The bytes of a piece of text once bytes became characters.</summary>
    public static byte[] Join(string piece, JoiningPlan plan, bool isFirst)
    {
        foreach (PieceStep step in plan.LaterSteps)
        {
            piece = step.Apply(piece, isFirst);
        }

        return plan.IsByteLevel ? FromByteAlphabet(piece) : Encoding.UTF8.GetBytes(piece);
    }

    private bool Is(int id, Kinds kind) => (uint)id < (uint)kinds.Length && (kinds[id] & kind) != 0;

    /// <summary>A token written in the byte alphabet throughout is those bytes; any other, such as an added one with a space, is its text.</summary>
    private static byte[] FromByteAlphabet(string token)
    {
        var value = new byte[token.Length];
        for (int i = 0; i < token.Length; i++)
        {
            if (ByteAlphabet.ByteOf(token[i]) is not { } single)
            {
                return Encoding.UTF8.GetBytes(token);
            }

            value[i] = single;
        }

        return value;
    }

    /// <summary>Byte strings by id, filled in ascending order.</summary>
    private sealed class ByteBlock(int count)
    {
        private readonly int[] ends = new int[count];
        private byte[] bytes = [];
        private int used;
        private int next;

        public ReadOnlySpan<byte> this[int id]
        {
            get
            {
                int start = id == 0 ? 0 : ends[id - 1];
                return bytes.AsSpan(start, ends[id] - start);
            }
        }

        public void Add(int id, ReadOnlySpan<byte> value)
        {
            if (used + value.Length > bytes.Length)
            {
                Array.Resize(ref bytes, Math.Max(used + value.Length, 2 * bytes.Length));
            }

            value.CopyTo(bytes.AsSpan(used));
            ends.AsSpan(next, id - next).Fill(used);
            used += value.Length;
            ends[id] = used;
            next = id + 1;
        }

        public void End() => Array.Resize(ref bytes, used);
    }
}
