using System.Buffers;
using System.Text;
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
    private readonly AddedTokenFinder normalized = new(definition.AddedTokens.Where(token => token.IsNormalized));
    private readonly PieceSplitter[] splitters = [.. definition.Splitters];
    private readonly BytePairEncoder merger = new(definition.Model);
    private readonly PieceCache cache = new();

    public void Encode<TSink>(ReadOnlySpan<char> text, bool parseSpecialTokens, ref TSink sink)
        where TSink : struct, ITokenSink
    {
        ReadOnlySpan<char> wellFormed = ReplaceLoneSurrogates(text);
        int searchFrom = 0;
        int taken = 0;
        while (verbatim.TryFind(wellFormed, ref searchFrom, taken, parseSpecialTokens, out AddedTokenFinder.FoundToken found))
        {
            if (taken < found.Start)
            {
                EncodeUnfound(wellFormed[taken..found.Start], parseSpecialTokens, ref sink);
            }

            sink.Add([found.Id]);
            taken = found.End;
        }

        if (taken < wellFormed.Length)
        {
            EncodeUnfound(wellFormed[taken..], parseSpecialTokens, ref sink);
        }
    }

    /// <summary>Half a surrogate pair is no text; what UTF-8 makes of it is U+FFFD, for the reference as for us.</summary>
    private static ReadOnlySpan<char> ReplaceLoneSurrogates(ReadOnlySpan<char> text)
    {
        int index = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        while (index >= 0 && index < text.Length)
        {
            if (Rune.DecodeFromUtf16(text[index..], out _, out int width) != OperationStatus.Done)
            {
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToArray()));
            }

            index += width;
        }

        return text;
    }

    private void EncodeUnfound<TSink>(ReadOnlySpan<char> text, bool parseSpecialTokens, ref TSink sink)
        where TSink : struct, ITokenSink
    {
        if (definition.ComposesToNfc && !NfcComposer.IsSurelyComposed(text))
        {
            text = NfcComposer.Compose(text);
        }

        int searchFrom = 0;
        int taken = 0;
        while (normalized.TryFind(text, ref searchFrom, taken, parseSpecialTokens, out AddedTokenFinder.FoundToken found))
        {
            if (taken < found.Start)
            {
                Split(text[taken..found.Start], 0, ref sink);
            }

            sink.Add([found.Id]);
            taken = found.End;
        }

        if (taken < text.Length)
        {
            Split(text[taken..], 0, ref sink);
        }
    }

    private void Split<TSink>(ReadOnlySpan<char> text, int step, ref TSink sink)
        where TSink : struct, ITokenSink
    {
        // The space belongs to the ByteLevel step: before its own split, behind all others.
        if (step == splitters.Length - definition.SplittersOfByteLevel && definition.AddsPrefixSpace && text[0] != ' ')
        {
            SplitWithPrefixSpace(text, step, ref sink);
            return;
        }

        if (step == splitters.Length)
        {
            Merge(text, ref sink);
            return;
        }

        for (int start = 0; start < text.Length;)
        {
            int end = splitters[step].Next(text, start, out bool keep);
            if (keep)
            {
                Split(text[start..end], step + 1, ref sink);
            }

            start = end;
        }
    }

    private void SplitWithPrefixSpace<TSink>(ReadOnlySpan<char> text, int step, ref TSink sink)
        where TSink : struct, ITokenSink
    {
        char[] spaced = ArrayPool<char>.Shared.Rent(text.Length + 1);
        try
        {
            spaced[0] = ' ';
            text.CopyTo(spaced.AsSpan(1));
            Split(spaced.AsSpan(0, text.Length + 1), step, ref sink);
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
