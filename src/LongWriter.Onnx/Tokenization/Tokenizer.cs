using System.Buffers;
using System.Collections.ObjectModel;
using System.Text;
using LongWriter.Onnx.Tokenization.Files;
using LongWriter.Onnx.Tokenization.Joining;

namespace LongWriter.Onnx.Tokenization;

/// <summary>A BPE tokenizer, over bytes or in the manner of SentencePiece, read from a Hugging Face <c>tokenizer.json</c>.</summary>
/// <remarks>
/// Gives the same ids as Hugging Face's tokenizers; tests/golden/README.md says how that is shown. Safe for concurrent use.
/// The same file and text give the same ids in every process; the ids of short pieces are kept in a cache of bounded size.
/// Truncation and padding settings of the file are ignored.
/// </remarks>
public sealed class Tokenizer
{
    private readonly TextEncoder encoder;
    private readonly TokenBytes tokenBytes;
    private readonly JoiningPlan joining;
    private readonly Dictionary<string, int> ids;
    private readonly int[] prefix;
    private readonly int[] suffix;

    private Tokenizer(TokenizerDefinition definition)
    {
        encoder = new TextEncoder(definition);
        joining = definition.Joining;
        tokenBytes = new TokenBytes(definition.Model.Vocabulary, definition.AddedTokens, joining);
        prefix = [.. definition.Prefix];
        suffix = [.. definition.Suffix];
        ids = new Dictionary<string, int>(definition.Model.Vocabulary, StringComparer.Ordinal);
        foreach (AddedToken token in definition.AddedTokens)
        {
            ids[token.Content] = token.Id;
        }

        SpecialTokens = new ReadOnlyDictionary<string, int>(
            definition.AddedTokens.Where(token => token.IsSpecial).ToDictionary(token => token.Content, token => token.Id, StringComparer.Ordinal));
    }

    /// <summary>One more than the largest token id: how many logits a model over this vocabulary needs at least.</summary>
    public int VocabularySize => tokenBytes.Count;

    /// <summary>Text and id of the tokens marked as special.</summary>
    public IReadOnlyDictionary<string, int> SpecialTokens { get; }

    /// <summary>Reads a tokenizer from a file.</summary>
    /// <param name="path">A tokenizer.json.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="TokenizerFormatException">The file is damaged, or of a family that is not supported; the message names the place.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Tokenizer Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new Tokenizer(TokenizerFileReader.Read(File.ReadAllBytes(path), Path.GetFileName(path)));
    }

    /// <summary>Reads a tokenizer from memory.</summary>
    /// <param name="utf8Json">The content of a tokenizer.json.</param>
    /// <param name="name">What error messages call it.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="TokenizerFormatException">The content is damaged, or of a family that is not supported; the message names the place.</exception>
    public static Tokenizer Parse(ReadOnlySpan<byte> utf8Json, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new Tokenizer(TokenizerFileReader.Read(utf8Json.ToArray(), name));
    }

    /// <summary>The ids of a text, without the tokens that the file's post-processor puts around it.</summary>
    /// <param name="text">Any text. A lone surrogate is read as U+FFFD.</param>
    /// <param name="parseSpecialTokens">
    /// True when special tokens written in the text become their ids. False for text of unknown origin: then it cannot close
    /// a turn or open one. Added tokens that are not special are found either way.
    /// </param>
    /// <returns>The ids, in order.</returns>
    public List<int> Encode(ReadOnlySpan<char> text, bool parseSpecialTokens = true)
    {
        // English takes about four characters per token; a list that grows once costs less than one too large.
        var list = new List<int>((text.Length / 4) + 4);
        Encode(text, list, parseSpecialTokens);
        return list;
    }

    /// <summary>Appends the ids of a text to a list.</summary>
    /// <param name="text">Any text. A lone surrogate is read as U+FFFD.</param>
    /// <param name="destination">Where the ids go.</param>
    /// <param name="parseSpecialTokens">See <see cref="Encode(ReadOnlySpan{char}, bool)"/>.</param>
    public void Encode(ReadOnlySpan<char> text, List<int> destination, bool parseSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var sink = new ListSink(destination);
        encoder.Encode(text, TextStart.Beginning, parseSpecialTokens, ref sink);
    }

    /// <summary>Writes the ids of a text to a buffer.</summary>
    /// <param name="text">Any text. A lone surrogate is read as U+FFFD.</param>
    /// <param name="destination">Where the ids go.</param>
    /// <param name="parseSpecialTokens">See <see cref="Encode(ReadOnlySpan{char}, bool)"/>.</param>
    public void Encode(ReadOnlySpan<char> text, IBufferWriter<int> destination, bool parseSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var sink = new BufferSink(destination);
        encoder.Encode(text, TextStart.Beginning, parseSpecialTokens, ref sink);
    }

    /// <summary>The ids of a text within what the file's post-processor puts around a single text, such as a token of beginning.</summary>
    /// <param name="text">Any text. A lone surrogate is read as U+FFFD.</param>
    /// <param name="parseSpecialTokens">See <see cref="Encode(ReadOnlySpan{char}, bool)"/>.</param>
    /// <returns>The ids, in order.</returns>
    public List<int> EncodeWithSpecialTokens(ReadOnlySpan<char> text, bool parseSpecialTokens = true)
    {
        var list = new List<int>((text.Length / 4) + 4);
        list.AddRange(prefix);
        Encode(text, list, parseSpecialTokens);
        list.AddRange(suffix);
        return list;
    }

    /// <summary>How many ids a text has, without keeping them.</summary>
    /// <param name="text">Any text. A lone surrogate is read as U+FFFD.</param>
    /// <param name="parseSpecialTokens">See <see cref="Encode(ReadOnlySpan{char}, bool)"/>.</param>
    /// <returns>The count, 0 or more.</returns>
    public int CountTokens(ReadOnlySpan<char> text, bool parseSpecialTokens = true)
    {
        var sink = default(CountingSink);
        encoder.Encode(text, TextStart.Beginning, parseSpecialTokens, ref sink);
        return sink.Count;
    }

    /// <summary>The text of ids. Bytes that are no valid UTF-8 become U+FFFD; an id that no token has is passed over.</summary>
    /// <param name="tokenIds">Ids, in order. For ids that come one by one see <see cref="StreamingDetokenizer"/>.</param>
    /// <param name="skipSpecialTokens">True when special tokens leave no text.</param>
    /// <returns>The text.</returns>
    public string Decode(ReadOnlySpan<int> tokenIds, bool skipSpecialTokens = false)
    {
        // Tokens of English and Chinese text have about five bytes.
        var bytes = new ArrayBufferWriter<byte>((5 * tokenIds.Length) + 16);
        PieceJoiner joiner = CreateJoiner();
        foreach (int id in tokenIds)
        {
            bytes.Write(joiner.Append(id, skipSpecialTokens));
        }

        bytes.Write(joiner.Flush());
        string text = Encoding.UTF8.GetString(bytes.WrittenSpan);
        int stripsLeft = LeadingStrip?.Count ?? 0;
        return stripsLeft > 0 ? StripStart(text, LeadingStrip!.Text, ref stripsLeft).ToString() : text;
    }

    /// <summary>Looks up a token as the file writes it: <c>Ġthe</c> or <c>▁the</c> for " the", special tokens as they are.</summary>
    /// <param name="token">The token.</param>
    /// <param name="id">Its id, or 0.</param>
    /// <returns>True when there is such a token.</returns>
    public bool TryGetId(string token, out int id)
    {
        ArgumentNullException.ThrowIfNull(token);
        return ids.TryGetValue(token, out id);
    }

    /// <summary>True when an id is one of <see cref="SpecialTokens"/>.</summary>
    /// <param name="tokenId">Any id.</param>
    /// <returns>True for the id of a special token.</returns>
    public bool IsSpecial(int tokenId) => tokenBytes.IsSpecial(tokenId);

    /// <summary>Appends the ids of a text that goes on where <paramref name="destination"/> ends: no space is put before it as before a new text.</summary>
    internal void EncodeNext(ReadOnlySpan<char> text, List<int> destination)
    {
        TextStart start = destination.Count == 0 ? TextStart.Beginning : tokenBytes.IsAdded(destination[^1]) ? TextStart.Apart : TextStart.Within;
        var sink = new ListSink(destination);
        encoder.Encode(text, start, parseSpecialTokens: true, ref sink);
    }

    /// <summary>What a decoded text loses at its beginning, or null.</summary>
    internal LeadingStrip? LeadingStrip => joining.LeadingStrip;

    internal PieceJoiner CreateJoiner() => new(tokenBytes, joining);

    /// <summary>The bytes of a token that is not the first.</summary>
    internal ReadOnlySpan<byte> BytesOf(int id, bool skipSpecialTokens) => tokenBytes.Of(id, skipSpecialTokens);

    /// <summary>Takes what is to be stripped off the beginning of a text of which <paramref name="text"/> is the next part.</summary>
    internal static ReadOnlySpan<char> StripStart(ReadOnlySpan<char> text, string strip, ref int stripsLeft)
    {
        while (stripsLeft > 0 && text.StartsWith(strip, StringComparison.Ordinal))
        {
            text = text[strip.Length..];
            stripsLeft--;
        }

        stripsLeft = text.IsEmpty ? stripsLeft : 0;
        return text;
    }
}
