using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using LongWriter.Onnx.Tokenization;

namespace LongWriter.Onnx.Tests.Tokenization;

public sealed class StreamingDetokenizerTests
{
    private static readonly Tokenizer Tiny = TokenizerVectors.Load("longwriter-tiny");

    [Fact]
    public void Append_AnyIds_AddUpToDecodeAndNeverSplitACharacter()
    {
        // Ids 4 to 259 are the single bytes: half of all draws, so that characters break off in every way.
        Gen<int> id = Gen.OneOf(Gen.Choose(4, 259), Gen.Choose(-1, 4_100), Gen.Elements(Tiny.Encode("é中🙂👩‍👧ก").ToArray()));
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(3_000).WithReplay(23, 29),
            Prop.ForAll(id.ListOf().ToArbitrary(), ArbMap.Default.ArbFor<bool>(), (ids, skips) =>
            {
                var streaming = new StreamingDetokenizer(Tiny, skips);
                var writing = new StreamingDetokenizer(Tiny, skips);
                var written = new ArrayBufferWriter<char>();
                var parts = ids.Select(streaming.Append).ToList();
                ids.ToList().ForEach(i => writing.Append(i, written));
                parts.Add(streaming.Flush());
                Assert.Equal(Tiny.Decode([.. ids], skips), string.Concat(parts));
                Assert.Equal(string.Concat(parts), written.WrittenSpan.ToString() + writing.Flush());
                Assert.All(parts, part => Assert.False(part.Length > 0 && (char.IsHighSurrogate(part[^1]) || char.IsLowSurrogate(part[0]))));
            }));
    }

    [Fact]
    public void Append_BytesOfOneCharacter_WaitsForTheLast()
    {
        int[] ids = [.. "🙂"u8.ToArray().Select(value => Tiny.Encode("🙂").Count == 4 ? Tiny.Encode("🙂")[Array.IndexOf("🙂"u8.ToArray(), value)] : throw new InvalidOperationException("The vocabulary knows the emoji."))];
        var streaming = new StreamingDetokenizer(Tiny);
        Assert.Equal(["", "", "", "🙂"], ids.Select(streaming.Append));
        Assert.Equal("", streaming.Flush());
    }

    [Fact]
    public void Flush_UnfinishedCharacter_GivesOneReplacementAndStartsAnew()
    {
        List<int> ids = Tiny.Encode("🙂");
        var streaming = new StreamingDetokenizer(Tiny);
        Assert.Equal("", streaming.Append(ids[0]) + streaming.Append(ids[1]));
        Assert.Equal("\uFFFD", streaming.Flush());
        Assert.Equal("!", streaming.Append(4));
    }
}
