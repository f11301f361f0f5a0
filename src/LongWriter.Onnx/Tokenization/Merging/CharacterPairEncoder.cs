using System.Text;
using LongWriter.Onnx.Tokenization.Files;

namespace LongWriter.Onnx.Tokenization.Merging;

/// <summary>
/// A piece as its characters, merged pair by pair, in the manner of SentencePiece. A character that the vocabulary lacks becomes
/// the tokens of its bytes, written <c>&lt;0xE4&gt;</c>, where the model falls back to bytes and has them all; else the unknown token.
/// </summary>
internal sealed class CharacterPairEncoder : PieceEncoder
{
    private const int Missing = -1;

    private readonly MergeTable merges;
    private readonly Dictionary<int, int> idOfCodePoint = [];
    private readonly int[] byteIds = new int[256];
    private readonly int? unknownId;
    private readonly bool fusesUnknown;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>>? wholePieces;

    public CharacterPairEncoder(ModelDefinition model)
    {
        merges = new MergeTable(model.Merges);
        unknownId = model.UnknownId;
        fusesUnknown = model.FusesUnknown;
        wholePieces = model.IgnoresMerges ? model.Vocabulary.GetAlternateLookup<ReadOnlySpan<char>>() : null;
        foreach ((string token, int id) in model.Vocabulary)
        {
            if (token.Length is 1 or 2 && Rune.DecodeFromUtf16(token, out Rune rune, out int width) == System.Buffers.OperationStatus.Done && width == token.Length)
            {
                idOfCodePoint.Add(rune.Value, id);
            }
        }

        for (int value = 0; value < byteIds.Length; value++)
        {
            byteIds[value] = model.FallsBackToBytes ? model.Vocabulary.GetValueOrDefault($"<0x{value:X2}>", Missing) : Missing;
        }
    }

    public override int Encode(ReadOnlySpan<char> piece, Span<int> ids)
    {
        if (wholePieces is { } whole && whole.TryGetValue(piece, out int id))
        {
            ids[0] = id;
            return 1;
        }

        return PairMerger.Merge(merges, ids, FillSymbols(piece, ids));
    }

    /// <summary>
    /// As the reference does it, an unknown token is written only once the next known character, another unknown one or the end
    /// comes; bytes in between come out before it, and do not keep it from fusing.
    /// </summary>
    private int FillSymbols(ReadOnlySpan<char> piece, Span<int> ids)
    {
        int count = 0;
        bool unknownWaits = false;
        foreach (Rune rune in piece.EnumerateRunes())
        {
            if (idOfCodePoint.TryGetValue(rune.Value, out int id))
            {
                AddWaiting(ids);
                ids[count++] = id;
            }
            else if (!TryAddBytes(rune, ids, ref count) && unknownId is not null)
            {
                if (!fusesUnknown)
                {
                    AddWaiting(ids);
                }

                unknownWaits = true;
            }
        }

        AddWaiting(ids);
        return count;

        void AddWaiting(Span<int> ids)
        {
            if (unknownWaits)
            {
                ids[count++] = unknownId!.Value;
                unknownWaits = false;
            }
        }
    }

    private bool TryAddBytes(Rune rune, Span<int> ids, ref int count)
    {
        Span<byte> bytes = stackalloc byte[4];
        bytes = bytes[..rune.EncodeToUtf8(bytes)];
        foreach (byte value in bytes)
        {
            if (byteIds[value] == Missing)
            {
                return false;
            }
        }

        foreach (byte value in bytes)
        {
            ids[count++] = byteIds[value];
        }

        return true;
    }
}
