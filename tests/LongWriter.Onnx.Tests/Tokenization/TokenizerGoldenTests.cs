using System.Buffers;
using System.Text.Json;
using LongWriter.Onnx.Tokenization;

namespace LongWriter.Onnx.Tests.Tokenization;

public sealed class TokenizerGoldenTests
{
    public static TheoryData<string> Names => [.. GoldenFiles.Names];

    [Theory, MemberData(nameof(Names))]
    public void Encode_EverySampleText_GivesTheReferencesIds(string name)
    {
        Tokenizer tokenizer = GoldenFiles.Load(name);
        JsonElement[] expected = [.. GoldenFiles.VectorsOf(name).GetProperty("ids").EnumerateArray()];
        Assert.Equal(expected.Length, GoldenFiles.Texts.Count);
        for (int round = 0; round < 2; round++)
        {
            // The second round is answered by the cache.
            for (int i = 0; i < expected.Length; i++)
            {
                string text = GoldenFiles.Texts[i];
                int[] ids = [.. tokenizer.Encode(text)];
                Assert.True(GoldenFiles.Ids(expected[i]).SequenceEqual(ids), $"{name}, text {i} {JsonSerializer.Serialize(text)}: expected {expected[i]}, got [{string.Join(',', ids)}]");
                Assert.Equal(ids.Length, tokenizer.CountTokens(text));
            }
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Decode_IdsOfTexts_RoundTripsWhereTheReferenceDoes(string name)
    {
        Tokenizer tokenizer = GoldenFiles.Load(name);
        int[] roundTrips = GoldenFiles.Ids(GoldenFiles.VectorsOf(name).GetProperty("roundTrips"));
        Assert.Equal(
            roundTrips,
            Enumerable.Range(0, GoldenFiles.Texts.Count).Where(i => tokenizer.Decode([.. tokenizer.Encode(GoldenFiles.Texts[i])]) == GoldenFiles.Texts[i]));
        Assert.NotEmpty(roundTrips);
    }

    [Theory, MemberData(nameof(Names))]
    public void Decode_IdsAtRandom_GivesTheReferencesText(string name)
    {
        Tokenizer tokenizer = GoldenFiles.Load(name);
        foreach (JsonElement vector in GoldenFiles.VectorsOf(name).GetProperty("decodes").EnumerateArray())
        {
            int[] ids = GoldenFiles.Ids(vector.GetProperty("ids"));
            Assert.Equal(vector.GetProperty("text").GetString(), tokenizer.Decode(ids, vector.GetProperty("skip").GetBoolean()));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void EncodeWithSpecialTokens_AnyFile_GivesTheReferencesIds(string name)
        => Assert.Equal(
            GoldenFiles.Ids(GoldenFiles.VectorsOf(name).GetProperty("withSpecialTokens")),
            GoldenFiles.Load(name).EncodeWithSpecialTokens("The lamp."));

    [Theory, MemberData(nameof(Names))]
    public void Encode_ToABufferWriter_GivesTheSameIds(string name)
    {
        Tokenizer tokenizer = GoldenFiles.Load(name);
        foreach (string text in GoldenFiles.Texts)
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
        JsonElement books = GoldenFiles.VectorsOf(name).GetProperty("books");
        Assert.Equal(books.GetProperty("characters").GetInt32(), text.Length);
        List<int> ids = GoldenFiles.Load(name).Encode(text);
        Assert.Equal(books.GetProperty("tokens").GetInt32(), ids.Count);
        Assert.Equal(books.GetProperty("sha256").GetString(), BookText.HashOf(ids));
    }
}
