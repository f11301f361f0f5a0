using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using LongWriter.Onnx.Model;

namespace LongWriter.Onnx.Tests.Model;

public sealed class SafetensorsTests
{
    [Theory]
    [InlineData("F32", new byte[] { 0, 0, 128, 63, 0, 0, 0, 192, 0, 0, 0, 63 })]
    [InlineData("BF16", new byte[] { 128, 63, 0, 192, 0, 63 })]
    [InlineData("F16", new byte[] { 0, 60, 0, 192, 0, 56 })]
    [InlineData("F64", new byte[] { 0, 0, 0, 0, 0, 0, 240, 63, 0, 0, 0, 0, 0, 0, 0, 192, 0, 0, 0, 0, 0, 0, 224, 63 })]
    public void Read_EveryFloatType_WidensExactly(string dtype, byte[] data)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.At("x.safetensors"), RandomLlama.Bytes($$$"""{"x": {"dtype": "{{{dtype}}}", "shape": [3], "data_offsets": [0, {{{data.Length}}}]}}""", data));
        using SafetensorsFile file = SafetensorsFile.Open(folder.At("x.safetensors"));
        float[] all = new float[3];
        float[] last = new float[1];

        file.Read(file.Tensors["x"], 0, all);
        file.Read(file.Tensors["x"], 2, last);

        Assert.Equal([1f, -2f, 0.5f], all);
        Assert.Equal([0.5f], last);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read(file.Tensors["x"], 1, all));
    }

    [Fact]
    public void Read_IntegerTensor_IsRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.At("x.safetensors"), RandomLlama.Bytes("""{"x": {"dtype": "I32", "shape": [1], "data_offsets": [0, 4]}}""", new byte[4]));
        using SafetensorsFile file = SafetensorsFile.Open(folder.At("x.safetensors"));

        var failure = Assert.Throws<ModelFormatException>(() => file.Read(file.Tensors["x"], 0, new float[1]));

        Assert.Equal("x.safetensors: tensor 'x': expected F32, F16, BF16 or F64, found I32.", failure.Message);
    }

    [Theory]
    [InlineData("""{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}""", 4, "m: tensor 'a': data_offsets: expected 8 bytes for F32 [2], found 4.")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 8]}}""", 4, "m: tensor 'a': data_offsets: expected [begin, end] with begin <= end <= 4, found [0, 8].")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 0]}}""", 4, "m: tensor 'a': data_offsets: expected [begin, end] with begin <= end <= 4, found [4, 0].")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0]}}""", 4, "m: tensor 'a': data_offsets: expected [begin, end] with begin <= end <= 4, found [0].")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, "b": {"dtype": "U8", "shape": [2], "data_offsets": [3, 5]}}""", 5,
        "m: tensor 'b': data_offsets: expected to begin at 4, where 'a' ends, found 3.")]
    [InlineData("""{"b": {"dtype": "U8", "shape": [2], "data_offsets": [5, 7]}, "a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}""", 7,
        "m: tensor 'b': data_offsets: expected to begin at 4, where 'a' ends, found 5.")]
    [InlineData("""{"a": {"dtype": "U8", "shape": [2], "data_offsets": [0, 2]}}""", 3, "m: expected 2 bytes of data, found 3.")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [4294967296, 4294967296], "data_offsets": [0, 0]}}""", 0,
        "m: tensor 'a': shape: expected a tensor of less than 2^63 bytes, found [4294967296, 4294967296].")]
    [InlineData("""{"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}""", 4, "m: tensor 'a': shape: expected whole numbers of 0 or more, found -1.")]
    [InlineData("""{"a": {"dtype": "F32", "shape": 3, "data_offsets": [0, 4]}}""", 4, "m: tensor 'a': shape: expected a list of numbers, found 3.")]
    [InlineData("""{"a": {"dtype": "F32", "data_offsets": [0, 4]}}""", 4, "m: tensor 'a': shape: expected a list of numbers, found nothing.")]
    [InlineData("""{"a": {"dtype": "F31", "shape": [1], "data_offsets": [0, 4]}}""", 4, "m: tensor 'a': dtype: expected a type such as F32 or BF16, found 'F31'.")]
    [InlineData("""{"a": 4}""", 4, "m: tensor 'a': expected an object, found Number.")]
    [InlineData("""{"a": {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]}, "a": {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]}}""", 0,
        "m: tensor 'a': expected one entry, found two.")]
    [InlineData("[]", 0, "m: header: expected an object, found Array.")]
    public void Parse_BrokenHeader_SaysWhatIsWrong(string header, int dataBytes, string message)
    {
        var failure = Assert.Throws<ModelFormatException>(() => SafetensorsHeader.Parse("m", Encoding.UTF8.GetBytes(header), 8 + header.Length, dataBytes));

        Assert.Equal(message, failure.Message);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'{', (byte)'"', 147, (byte)'"', (byte)':', (byte)'1', (byte)'}' })]
    [InlineData(new byte[] { (byte)'{', (byte)'"', (byte)'\\', (byte)'u', (byte)'D', (byte)'8', (byte)'0', (byte)'0', (byte)'"', (byte)':', (byte)'1', (byte)'}' })]
    public void Parse_NameThatIsNoUnicode_IsRefused(byte[] header)
    {
        var failure = Assert.Throws<ModelFormatException>(() => SafetensorsHeader.Parse("m", header, 8 + header.Length, 0));

        Assert.StartsWith("m: header: expected Unicode text, found bytes or escapes that are none: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_HeaderLongerThanTheFile_IsRefused()
    {
        var failure = Assert.Throws<ModelFormatException>(() => SafetensorsHeader.Read("m", new MemoryStream([255, 255, 255, 255, 255, 255, 255, 255, 1])));
        var tooShort = Assert.Throws<ModelFormatException>(() => SafetensorsHeader.Read("m", new MemoryStream([1, 2, 3])));

        Assert.Equal("m: expected a header of at most 1 bytes, found a header length of 18446744073709551615.", failure.Message);
        Assert.Equal("m: expected 8 bytes of header length, found a file of 3 bytes.", tooShort.Message);
    }

    [Fact]
    public void Read_AnyBytes_ReadsOrRefuses()
    {
        byte[] good = RandomLlama.Bytes("""{"a": {"dtype": "F32", "shape": [1, 2], "data_offsets": [0, 8]}, "b": {"dtype": "U8", "shape": [], "data_offsets": [8, 9]}}""", new byte[9]);
        Gen<(int, byte)[]> changes = Gen.ArrayOf(Gen.Choose(0, good.Length - 1).Zip(Gen.Choose(0, 255).Select(value => (byte)value)), 2);

        Prop.ForAll(Arb.From(changes), picked =>
        {
            byte[] bytes = [.. good];
            foreach ((int index, byte value) in picked)
            {
                bytes[index] = value;
            }

            Exception? failure = Record.Exception(() => SafetensorsHeader.Read("m", new MemoryStream(bytes)));
            return failure is null or ModelFormatException;
        }).Check(Config.QuickThrowOnFailure.WithReplay(23, 5).WithMaxTest(2_000));
    }

    [Fact]
    public void Open_Shards_ReadsWhatOneFileHolds()
    {
        using var folder = new TemporaryFolder();
        RandomLlama.Write(folder.At("one"), RandomLlama.Config(), seed: 9);
        RandomLlama.Write(folder.At("many"), RandomLlama.Config(), seed: 9, shards: 4);

        using SafetensorsModel one = SafetensorsModel.Open(folder.At("one"));
        using SafetensorsModel many = SafetensorsModel.Open(folder.At("many"));

        Assert.Equal(4, many.FilePaths.Count);
        Assert.Equal(one.TensorCount, many.TensorCount);
        Assert.Equal(one.ReadAll(one.Require("lm_head.weight", 96, 64)), many.ReadAll(many.Require("lm_head.weight", 96, 64)));
    }

    [Theory]
    [InlineData("../model.safetensors", "model.safetensors.index.json: tensor 'x': expected the name of a .safetensors file in the same folder, found '../model.safetensors'.")]
    [InlineData("absent.safetensors", "model.safetensors.index.json: expected the shard 'absent.safetensors' in '{0}', found no such file.")]
    [InlineData("model-00001-of-00002.safetensors", "model.safetensors.index.json: tensor 'x': expected it in 'model-00001-of-00002.safetensors', found it nowhere.")]
    public void Open_IndexThatDoesNotAgree_SaysWhatIsWrong(string shard, string message)
    {
        using var folder = new TemporaryFolder();
        RandomLlama.Write(folder.Path, RandomLlama.Config(), seed: 9, shards: 2);
        JsonNode index = JsonNode.Parse(File.ReadAllText(folder.At("model.safetensors.index.json")))!;
        index["weight_map"]!["x"] = shard;
        File.WriteAllText(folder.At("model.safetensors.index.json"), index.ToJsonString());

        var failure = Assert.Throws<ModelFormatException>(() => SafetensorsModel.Open(folder.Path));

        Assert.Equal(message.Replace("{0}", folder.Path, StringComparison.Ordinal), failure.Message);
    }

    [Fact]
    public void Open_EmptyFolder_NamesBothFiles()
    {
        using var folder = new TemporaryFolder();

        var failure = Assert.Throws<ModelFormatException>(() => SafetensorsModel.Open(folder.Path));

        Assert.Equal($"model.safetensors: expected it or model.safetensors.index.json in '{folder.Path}', found neither.", failure.Message);
    }

    [Fact]
    public void Require_AbsentTensor_NamesIt()
    {
        using var folder = new TemporaryFolder();
        RandomLlama.Write(folder.Path, RandomLlama.Config(), seed: 9);
        using SafetensorsModel model = SafetensorsModel.Open(folder.Path);

        var failure = Assert.Throws<ModelFormatException>(() => model.Require("nothing.weight", 2, 3));

        Assert.Equal("model.safetensors: tensor 'nothing.weight': expected one of shape [2, 3], found none.", failure.Message);
    }
}
