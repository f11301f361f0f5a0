using System.Buffers;
using System.Text.Json;
using LongWriter.Onnx.Tokenization;

namespace LongWriter.Onnx.Tests.Tokenization;

public sealed class TokenizerGoldenTests
{
    public static TheoryData<string> Names => [.. TokenizerVectors.Names];

    [Theory, MemberData(nameof(Names))]
    public void Encode_EverySampleText_GivesTheReferencesIds(string name)
    {
        Tokenizer tokenizer = TokenizerVectors.Load(name);
        JsonElement[] expected = [.. TokenizerVectors.VectorsOf(name).GetProperty("ids").EnumerateArray()];
        Assert.Equal(expected.Length, TokenizerVectors.Texts.Count);
        for (int round = 0; round < 2; round++)
        {
            // The second round is answered by the cache.
            for (int i = 0; i < expected.Length; i++)
            {
                string text = TokenizerVectors.Texts[i];
                int[] ids = [.. tokenizer.Encode(text)];
                Assert.True(TokenizerVectors.Ids(expected[i]).SequenceEqual(ids), $"{name}, text {i} {JsonSerializer.Serialize(text)}: expected {expected[i]}, got [{string.Join(',', ids)}]");
                Assert.Equal(ids.Length, tokenizer.CountTokens(text));
            }
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Decode_IdsOfTexts_RoundTripsWhereTheReferenceDoes(string name)
    {
        Tokenizer tokenizer = TokenizerVectors.Load(name);
        int[] roundTrips = TokenizerVectors.Ids(TokenizerVectors.VectorsOf(name).GetProperty("roundTrips"));
        Assert.Equal(
            roundTrips,
            Enumerable.Range(0, TokenizerVectors.Texts.Count).Where(i => tokenizer.Decode([.. tokenizer.Encode(TokenizerVectors.Texts[i])]) == TokenizerVectors.Texts[i]));
        Assert.NotEmpty(roundTrips);
    }

    [Theory, MemberData(nameof(Names))]
    public void Decode_IdsAtRandom_GivesTheReferencesText(string name)
    {
        Tokenizer tokenizer = TokenizerVectors.Load(name);
        foreach (JsonElement vector in TokenizerVectors.VectorsOf(name).GetProperty("decodes").EnumerateArray())
        {
            int[] ids = TokenizerVectors.Ids(vector.GetProperty("ids"));
            Assert.Equal(vector.GetProperty("text").GetString(), tokenizer.Decode(ids, vector.GetProperty("skip").GetBoolean()));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void EncodeWithSpecialTokens_AnyFile_GivesTheReferencesIds(string name)
        => Assert.Equal(
            TokenizerVectors.Ids(TokenizerVectors.VectorsOf(name).GetProperty("withSpecialTokens")),
            TokenizerVectors.Load(name).EncodeWithSpecialTokens("The lamp."));

    [Theory, MemberData(nameof(Names))]
    public void Encode_ToABufferWriter_GivesTheSameIds(string name)
    {
        Tokenizer tokenizer = TokenizerVectors.Load(name);
        foreach (string text in TokenizerVectors.Texts)
        {
            var writer = new ArrayBufferWriter<int>();
            tokenizer.Encode(text, writer);
            Assert.Equal(tokenizer.Encode(text), writer.WrittenSpan.ToArray());
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Encode_AMegabyteOfBooks_HashesToTheReferencesHash(string name)
    {
        string text = BookText.Read(1_000_000);
        JsonElement books = TokenizerVectors.VectorsOf(name).GetProperty("books");
        Assert.Equal(books.GetProperty("characters").GetInt32(), text.Length);
        List<int> ids = TokenizerVectors.Load(name).Encode(text);
        Assert.Equal(books.GetProperty("tokens").GetInt32(), ids.Count);
        Assert.Equal(books.GetProperty("sha256").GetString(), BookText.HashOf(ids));
    }
}
