using System.Buffers;
using LongWriter.Onnx.Tokenization.Files;
using LongWriter.Onnx.Tokenization.Merging;
using LongWriter.Onnx.Tokenization.Normalization;
using LongWriter.Onnx.Tokenization.Splitting;

namespace LongWriter.Onnx.Tokenization;

/// <summary>
/// From text to ids: tokens found verbatim, normalization, tokens found in normalized text, splits, merges. Each stage hands
/// spans to the next; nothing is allocated per piece once the cache knows it.
/// </summary>
internal sealed class TextEncoder(TokenizerDefinition definition)
{
    private readonly AddedTokenFinder verbatim = new(definition.AddedTokens.Where(token => !token.IsNormalized));
    private readonly AddedTokenFinder normalized = new(definition.AddedTokens.Where(token => token.IsNormalized && token.Text.Length > 0));
    private readonly TextNormalizer normalizer = definition.Normalizer;
    private readonly PreTokenization preTokenization = definition.PreTokenization;
    private readonly PieceSplitter[] splitters = [.. definition.PreTokenization.Splitters];
    private readonly PieceEncoder merger = definition.PreTokenization.IsByteLevel ? new BytePairEncoder(definition.Model) : new CharacterPairEncoder(definition.Model);
    private readonly PieceCache cache = new();

    public void Encode<TSink>(ReadOnlySpan<char> text, TextStart start, bool parseSpecialTokens, ref TSink sink)
        where TSink : struct, ITokenSink
    {
        ReadOnlySpan<char> wellFormed = WellFormedText.Of(text);
        int searchFrom = 0;
        int taken = 0;
        while (verbatim.TryFind(wellFormed, ref searchFrom, taken, parseSpecialTokens, out AddedTokenFinder.FoundToken found))
        {
            if (taken < found.Start)
            {
                EncodeUnfound(wellFormed[taken..found.Start], taken == 0 ? start : TextStart.Apart, parseSpecialTokens, ref sink);
            }

            sink.Add([found.Id]);
            taken = found.End;
        }

        if (taken < wellFormed.Length)
        {
            EncodeUnfound(wellFormed[taken..], taken == 0 ? start : TextStart.Apart, parseSpecialTokens, ref sink);
        }
    }

    private void EncodeUnfound<TSink>(ReadOnlySpan<char> text, TextStart start, bool parseSpecialTokens, ref TSink sink)
        where TSink : struct, ITokenSink
    {
        text = normalizer.Apply(text, ref start);
        int searchFrom = 0;
        int taken = 0;
        while (normalized.TryFind(text, ref searchFrom, taken, parseSpecialTokens, out AddedTokenFinder.FoundToken found))
        {
            if (taken < found.Start)
            {
                Split(text[taken..found.Start], 0, taken == 0 ? start : TextStart.Apart, ref sink);
            }

            sink.Add([found.Id]);
            taken = found.End;
        }

        if (taken < text.Length)
        {
            Split(text[taken..], 0, taken == 0 ? start : TextStart.Apart, ref sink);
        }
    }

    /// <summary>Takes a piece through the steps from <paramref name="step"/> on; <paramref name="before"/> says what stands before it.</summary>
    private void Split<TSink>(ReadOnlySpan<char> text, int step, TextStart before, ref TSink sink)
        where TSink : struct, ITokenSink
    {
        // The space belongs to the ByteLevel step: before its own split, behind all others.
        if (step == splitters.Length - preTokenization.SplittersOfByteLevel && preTokenization.AddsPrefixSpace && text[0] != ' ')
        {
            SplitWithPrefixSpace(text, step, before, ref sink);
        }
        else if (step == splitters.Length)
        {
            Merge(text, ref sink);
        }
        else if (splitters[step] is MetaspaceSplitter metaspace)
        {
            SplitWithMetaspace(metaspace, text, step, before, ref sink);
        }
        else
        {
            Cut(text, step, before, ref sink);
        }
    }

    private void Cut<TSink>(ReadOnlySpan<char> text, int step, TextStart before, ref TSink sink)
        where TSink : struct, ITokenSink
    {
        for (int start = 0; start < text.Length;)
        {
            int end = splitters[step].Next(text, start, out bool keep);
            if (keep)
            {
                Split(text[start..end], step + 1, start == 0 ? before : TextStart.Apart, ref sink);
            }

            start = end;
        }
    }

    private void SplitWithMetaspace<TSink>(MetaspaceSplitter metaspace, ReadOnlySpan<char> text, int step, TextStart before, ref TSink sink)
        where TSink : struct, ITokenSink
    {
        char[] spaced = ArrayPool<char>.Shared.Rent(text.Length + 1);
        try
        {
            int length = metaspace.Prepare(text, before, spaced);
            Cut(spaced.AsSpan(0, length), step, before, ref sink);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(spaced);
        }
    }

    private void SplitWithPrefixSpace<TSink>(ReadOnlySpan<char> text, int step, TextStart before, ref TSink sink)
        where TSink : struct, ITokenSink
    {
        char[] spaced = ArrayPool<char>.Shared.Rent(text.Length + 1);
        try
        {
            spaced[0] = ' ';
            text.CopyTo(spaced.AsSpan(1));
            Split(spaced.AsSpan(0, text.Length + 1), step, before, ref sink);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(spaced);
        }
    }

    private void Merge<TSink>(ReadOnlySpan<char> piece, ref TSink sink)
        where TSink : struct, ITokenSink
    {
        bool cacheable = piece.Length <= PieceCache.MaxPieceLength;
        int hash = cacheable ? string.GetHashCode(piece) : 0;
        if (cacheable && cache.TryGet(piece, hash, out ReadOnlySpan<int> known))
        {
            sink.Add(known);
            return;
        }

        int[]? rented = null;
        int maxIds = 3 * piece.Length; // UTF-8 has at most three bytes for a UTF-16 unit.
        Span<int> ids = cacheable ? stackalloc int[3 * PieceCache.MaxPieceLength] : rented = ArrayPool<int>.Shared.Rent(maxIds);
        try
        {
            ids = ids[..merger.Encode(piece, ids)];
            sink.Add(ids);
            if (cacheable)
            {
                cache.Put(piece, hash, ids);
            }
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<int>.Shared.Return(rented);
            }
        }
    }
}
