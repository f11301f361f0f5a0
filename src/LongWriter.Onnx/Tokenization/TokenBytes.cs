using System.Text;
using LongWriter.Onnx.Tokenization.Files;
using LongWriter.Onnx.Tokenization.Merging;

namespace LongWriter.Onnx.Tokenization;

/// <summary>The bytes of every token in one block. An id that no token has, has no bytes.</summary>
internal sealed class TokenBytes
{
    private readonly byte[] bytes;
    private readonly int[] ends;
    private readonly HashSet<int> special = [];

    public TokenBytes(IEnumerable<KeyValuePair<string, int>> vocabulary, IReadOnlyList<AddedToken> addedTokens)
    {
        var byId = new SortedDictionary<int, string>();
        foreach ((string token, int id) in vocabulary)
        {
            byId[id] = token;
        }

        foreach (AddedToken token in addedTokens)
        {
            byId[token.Id] = token.Content;
            if (token.IsSpecial)
            {
                special.Add(token.Id);
            }
        }

        ends = new int[byId.Count == 0 ? 0 : byId.Keys.Max() + 1];
        using var block = new MemoryStream();
        int next = 0;
        foreach ((int id, string token) in byId)
        {
            ends.AsSpan(next, id - next).Fill((int)block.Length);
            block.Write(BytesOf(token));
            ends[id] = (int)block.Length;
            next = id + 1;
        }

        bytes = block.ToArray();
    }

    /// <summary>One more than the largest id.</summary>
    public int Count => ends.Length;

    public ReadOnlySpan<byte> Of(int id)
    {
        if ((uint)id >= (uint)ends.Length)
        {
            return default;
        }

        int start = id == 0 ? 0 : ends[id - 1];
        return bytes.AsSpan(start, ends[id] - start);
    }

    public bool IsSpecial(int id) => special.Contains(id);

    /// <summary>A token written in the byte alphabet throughout is those bytes; any other, such as an added one with a space, is its text.</summary>
    private static byte[] BytesOf(string token)
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
}
