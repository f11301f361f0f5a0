using System.Buffers;
using System.Text;
using LongWriter.Onnx.Tokenization.Files;

namespace LongWriter.Onnx.Tokenization.Merging;

/// <summary>A piece as its bytes, merged pair by pair.</summary>
internal sealed class BytePairEncoder : PieceEncoder
{
    private const int Missing = -1;

    private readonly MergeTable merges;
    private readonly int[] byteIds = new int[256];
    private readonly int? unknownId;
    private readonly bool fusesUnknown;
    private readonly Dictionary<string, int>? wholePieces;
    private readonly int longestToken;

    public BytePairEncoder(ModelDefinition model)
    {
        merges = new MergeTable(model.Merges);
        unknownId = model.UnknownId;
        fusesUnknown = model.FusesUnknown;
        for (int value = 0; value < byteIds.Length; value++)
        {
            byteIds[value] = model.Vocabulary.GetValueOrDefault(ByteAlphabet.SymbolOf((byte)value).ToString(), Missing);
        }

        if (model.IgnoresMerges)
        {
            wholePieces = model.Vocabulary;
            longestToken = model.Vocabulary.Keys.Select(token => token.Length).DefaultIfEmpty(0).Max();
        }
    }

    public override int Encode(ReadOnlySpan<char> piece, Span<int> ids)
    {
        byte[]? rented = null;
        int maxBytes = Encoding.UTF8.GetMaxByteCount(piece.Length);
        Span<byte> bytes = maxBytes <= 512 ? stackalloc byte[512] : rented = ArrayPool<byte>.Shared.Rent(maxBytes);
        try
        {
            ReadOnlySpan<byte> utf8 = bytes[..Encoding.UTF8.GetBytes(piece, bytes)];
            if (wholePieces is not null && WholePiece(utf8) is { } whole)
            {
                ids[0] = whole;
                return 1;
            }

            return PairMerger.Merge(merges, ids, FillSymbols(utf8, ids));
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private int? WholePiece(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > longestToken || utf8.Length > 512)
        {
            return null;
        }

        Span<char> symbols = stackalloc char[utf8.Length];
        for (int i = 0; i < utf8.Length; i++)
        {
            symbols[i] = ByteAlphabet.SymbolOf(utf8[i]);
        }

        return wholePieces!.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(symbols, out int id) ? id : null;
    }

    /// <summary>A byte the vocabulary lacks becomes the unknown token, or nothing where there is none.</summary>
    private int FillSymbols(ReadOnlySpan<byte> utf8, Span<int> ids)
    {
        int count = 0;
        bool afterUnknown = false;
        foreach (byte value in utf8)
        {
            int id = byteIds[value];
            bool unknown = id == Missing;
            if (!unknown)
            {
                ids[count++] = id;
            }
            else if (unknownId is { } substitute && !(afterUnknown && fusesUnknown))
            {
                ids[count++] = substitute;
            }

            afterUnknown = unknown;
        }

        return count;
    }
}
