using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using LongWriter.Onnx.Tokenization;
using LongWriter.Onnx.Tokenization.Normalization;

namespace LongWriter.Onnx.Tests.Tokenization;

/// <summary>What the golden vectors do not say of tokenizers in the manner of SentencePiece. Ids 3 to 258 of these are the bytes.</summary>
public sealed class SentencePieceTests
{
    private static readonly Tokenizer Legacy = TokenizerVectors.Load("sp-legacy");

    public static TheoryData<string> Names => [.. TokenizerVectors.Names.Where(name => name.StartsWith("sp-", StringComparison.Ordinal))];

    [Theory, MemberData(nameof(Names))]
    public void Append_AnyIds_AddUpToDecodeAndNeverSplitACharacter(string name)
    {
        Tokenizer tokenizer = TokenizerVectors.Load(name);
        Gen<int> id = Gen.OneOf(Gen.Choose(3, 258), Gen.Choose(-1, tokenizer.VocabularySize + 2), Gen.Elements(tokenizer.Encode("é 中🙂  the\n").Append(0).ToArray()));
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(41, 43),
            Prop.ForAll(id.ListOf().ToArbitrary(), ArbMap.Default.ArbFor<bool>(), (ids, skips) =>
            {
                var streaming = new StreamingDetokenizer(tokenizer, skips);
                for (int round = 0; round < 2; round++)
                {
                    // The second round shows that Flush leaves nothing behind.
                    List<string> parts = [.. ids.Select(streaming.Append)];
                    parts.Add(streaming.Flush());
                    Assert.Equal(tokenizer.Decode([.. ids], skips), string.Concat(parts));
                    Assert.All(parts, part => Assert.False(part.Length > 0 && (char.IsHighSurrogate(part[^1]) || char.IsLowSurrogate(part[0]))));
                }
            }));
    }

    [Theory, MemberData(nameof(Names))]
    public void Encode_AnyText_GivesIdsOfTheVocabulary(string name)
    {
        Tokenizer tokenizer = TokenizerVectors.Load(name);
        Gen<string> texts = Gen.OneOf(Gen.Choose(0, 0xFFFF).Select(unit => ((char)unit).ToString()), Gen.Elements(" ", "  ", "▁", "\n", "a", "s", "1", "é", "🙂", "<s>", "</s>", "<mask>", "word"))
            .ListOf().Select(string.Concat);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(47, 53),
            Prop.ForAll(texts.ToArbitrary(), text =>
            {
                List<int> ids = tokenizer.Encode(text);
                Assert.All(ids, id => Assert.InRange(id, 0, tokenizer.VocabularySize - 1));
                Assert.Equal(ids.Count, tokenizer.CountTokens(text));
            }));
    }

    [Fact]
    public void Decode_LegacyTextWithoutOddities_GivesItBack()
    {
        Gen<string> texts = Gen.Elements("a", " ", "  ", "\n", "the", "é", "中", "🙂", "e\u0301", "ก", "\u0000", "<", ">").ListOf().Select(string.Concat);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(59, 61),
            Prop.ForAll(texts.ToArbitrary(), text => Assert.Equal(text, Legacy.Decode([.. Legacy.Encode(text)]))));
    }

    [Fact]
    public void Append_BytesOfACharacter_WaitForTheNextToken()
    {
        var streaming = new StreamingDetokenizer(Legacy);
        int a = Id(Legacy, "a");

        Assert.Equal(["", "", "", "中a"], new[] { Byte(0xE4), Byte(0xB8), Byte(0xAD), a }.Select(streaming.Append));
        Assert.Equal("", streaming.Flush());
    }

    [Fact]
    public void Append_InvalidByteInARun_SpoilsTheWholeRun()
    {
        var streaming = new StreamingDetokenizer(Legacy);

        Assert.Equal(["", "", "", ""], new[] { Byte(0xE4), Byte(0xB8), Byte(0xAD), Byte(0xFF) }.Select(streaming.Append));
        Assert.Equal("\uFFFD\uFFFD\uFFFD\uFFFD", streaming.Flush());
    }

    [Fact]
    public void Append_LeadingSpaces_LoseOne()
    {
        var streaming = new StreamingDetokenizer(Legacy);
        int space = Id(Legacy, "▁");

        Assert.Equal(["", " ", " "], new[] { space, space, space }.Select(streaming.Append));
        Assert.Equal("", streaming.Flush());
    }

    [Fact]
    public void EncodeNext_AfterText_PutsNoSpaceBeforeIt()
    {
        List<int> ids = Legacy.Encode("the");
        Legacy.EncodeNext("the", ids);
        Assert.Equal("thethe", Legacy.Decode([.. ids]));

        List<int> afterToken = [2];
        Legacy.EncodeNext("the", afterToken);
        Assert.Equal(Legacy.Encode("</s>the"), afterToken);
    }

    [Fact]
    public void Lowercase_EveryCharacter_IsThatOfTheReference()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(TokenizerVectors.Folder, "lowercase.json")));
        var expected = document.RootElement.EnumerateArray().ToDictionary(entry => entry[0].GetInt32(), entry => entry[1].GetString()!);
        var normalizer = new TextNormalizer([new LowercaseStep()]);
        Assert.True(expected.Count > 1_000);
        IEnumerable<string> differing = Enumerable.Range(0, 0x110000).Where(Rune.IsValid)
            .Where(point => normalizer.Apply(new Rune(point).ToString()) != expected.GetValueOrDefault(point, new Rune(point).ToString()))
            .Select(point => $"U+{point:X4}");
        Assert.Equal("", string.Join(' ', differing));
    }

    [Theory]
    [InlineData("\"pre_tokenizer\":null", "\"pre_tokenizer\":{\"type\":\"Metaspace\",\"replacement\":\"▁\",\"prepend_scheme\":\"first\"}", "pre_tokenizer.prepend_scheme: expected always or never, as the normalizer prepends too, found 'first'.")]
    [InlineData("\"pre_tokenizer\":null", "\"pre_tokenizer\":{\"type\":\"ByteLevel\"}", "model.byte_fallback: expected false, or the symbols of all 256 bytes in model.vocab, as pre_tokenizer is ByteLevel, found true.")]
    [InlineData("\"type\":\"BPE\"", "\"type\":\"WordPiece\"", "model.type: expected BPE (Unigram, WordPiece and WordLevel are not supported), found 'WordPiece'.")]
    public void Parse_CombinationThatIsNotSupported_NamesPlaceExpectedAndFound(string part, string by, string message)
    {
        string json = File.ReadAllText(TokenizerVectors.PathOf("sp-legacy"));
        Assert.Contains(part, json, StringComparison.Ordinal);
        var problem = Assert.Throws<TokenizerFormatException>(
            () => Tokenizer.Parse(Encoding.UTF8.GetBytes(json.Replace(part, by, StringComparison.Ordinal)), "tokenizer.json"));
        Assert.Equal("tokenizer.json: " + message, problem.Message);
    }

    private static int Byte(byte value) => Id(Legacy, $"<0x{value:X2}>");

    private static int Id(Tokenizer tokenizer, string token) => tokenizer.TryGetId(token, out int id) ? id : throw new InvalidOperationException($"No token {token}.");
}
