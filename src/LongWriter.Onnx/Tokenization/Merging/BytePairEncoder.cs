using System.Buffers;
using System.Text;
using LongWriter.Onnx.Tokenization.Files;

namespace LongWriter.Onnx.Tokenization.Merging;

/// <summary>Turns one piece of text into ids: its bytes, merged pair by pair, the lowest rank first, the leftmost among equals.</summary>
internal sealed class BytePairEncoder
{
    /// <summary>Up to here looking at all pairs again after each merge costs less than a heap; beyond, it would go quadratic.</summary>
    public const int MaxScannedSymbols = 48;

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

    /// <summary>Writes the ids of <paramref name="piece"/>.</summary>
    /// <param name="piece">Well-formed UTF-16.</param>
    /// <param name="ids">At least as long as the piece has bytes in UTF-8.</param>
    /// <returns>How many ids were written.</returns>
    public int Encode(ReadOnlySpan<char> piece, Span<int> ids)
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

            int count = FillSymbols(utf8, ids);
            return count <= MaxScannedSymbols ? MergeByScan(ids, count) : HeapMerger.Merge(merges, ids, count);
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

    private int MergeByScan(Span<int> ids, int count)
    {
        Span<int> ranks = stackalloc int[MaxScannedSymbols];
        for (int i = 0; i + 1 < count; i++)
        {
            ranks[i] = merges.RankOf(ids[i], ids[i + 1], out _);
        }

        while (count > 1)
        {
            int best = 0;
            for (int i = 1; i + 1 < count; i++)
            {
                best = ranks[i] < ranks[best] ? i : best;
            }

            if (ranks[best] == MergeTable.NoMerge)
            {
                break;
            }

            merges.RankOf(ids[best], ids[best + 1], out int merged);
            ids[best] = merged;
            ids[(best + 2)..count].CopyTo(ids[(best + 1)..]);
            ranks[(best + 2)..count].CopyTo(ranks[(best + 1)..]);
            count--;
            ranks[best] = best + 1 < count ? merges.RankOf(ids[best], ids[best + 1], out _) : MergeTable.NoMerge;
            if (best > 0)
            {
                ranks[best - 1] = merges.RankOf(ids[best - 1], ids[best], out _);
            }
        }

        return count;
    }
}
