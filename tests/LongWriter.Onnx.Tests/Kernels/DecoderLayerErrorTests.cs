using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Runtime.Kernels;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>What DecoderLayer does not take is named, and the session goes on.</summary>
public sealed class DecoderLayerErrorTests
{
    private static readonly LayerShape Shape = new(4, 2, 16, 48, 64, 4, 32);

    [Theory]
    [InlineData("norm1", "Norm of input 9: expected a list of 48 weights, found [5].")]
    [InlineData("norm2", "Norm of input 12: expected a list of 48 weights, found [5].")]
    public void Run_NumbersOfAnotherShape_AreNamed(string name, string expected)
    {
        using var session = new LayerSession(Shape, rows: 1, capacity: 8, fused: true, replace: (input, environment) => input == name ? OrtTensor.From<float>(environment, new float[5], 5) : null);

        AssertRefused(session, LayerSession.Tokens(Shape, 1, 1), [1, 1, 48], [3], expected);
    }

    [Theory]
    [InlineData("qkv_bias", "Biases of input 15: expected a list of 128 numbers, found [5].")]
    [InlineData("out_bias", "Biases of input 16: expected a list of 48 numbers, found [5].")]
    public void Run_BiasesOfAnotherSize_AreNamed(string name, string expected)
    {
        using var session = new LayerSession(
            Shape, rows: 1, capacity: 8, fused: true, biases: 2, replace: (input, environment) => input == name ? OrtTensor.From<float>(environment, new float[5], 5) : null);

        AssertRefused(session, LayerSession.Tokens(Shape, 1, 1), [1, 1, 48], [3], expected);
    }

    [Theory]
    [InlineData("qkv", 10)]
    [InlineData("out", 11)]
    [InlineData("gate_up", 13)]
    [InlineData("down", 14)]
    public void Run_MatrixOfAnotherSize_IsNamed(string name, int index)
    {
        BlockLayout layout = name switch { "qkv" => Shape.Qkv, "out" => Shape.Out, "gate_up" => Shape.GateUp, _ => Shape.Down };
        using var session = new LayerSession(Shape, rows: 1, capacity: 8, fused: true, replace: (input, environment) => input == name ? OrtTensor.From<byte>(environment, new byte[7], 7) : null);

        AssertRefused(session, LayerSession.Tokens(Shape, 1, 1), [1, 1, 48], [3], $"Weights of input {index}: expected a list of {layout.Bytes} bytes, found [7].");
    }

    [Theory]
    [InlineData(new long[] { 1, 1, 32 }, new[] { 3 }, "Shape of hidden states: [1, 1, 32] does not go with the node's other shapes and attributes.")]
    [InlineData(new long[] { 2, 1, 48 }, new[] { 3, 3 }, "Shape of hidden states: [2, 1, 48] does not go with the node's other shapes and attributes.")]
    [InlineData(new long[] { 1, 1, 48 }, new[] { 3, 3 }, "Shape of lengths: [2] does not go with the node's other shapes and attributes.")]
    [InlineData(new long[] { 1, 1, 48 }, new[] { 9 }, "Length of row 0: expected 1 to 8, found 9.")]
    [InlineData(new long[] { 1, 3, 48 }, new[] { 2 }, "Length of row 0: expected 3 to 8, found 2.")]
    public void Run_StepThatCannotBe_IsNamed(long[] hidden, int[] lengths, string expected)
    {
        using var session = new LayerSession(Shape, rows: 1, capacity: 8, fused: true);
        sbyte[] before = session.Kept;

        AssertRefused(session, new float[hidden.Aggregate((a, b) => a * b)], hidden, lengths, expected);

        Assert.Equal(before, session.Kept);
        Assert.All(session.Step(LayerSession.Tokens(Shape, 1, 1), 3), value => Assert.True(float.IsFinite(value)));
    }

    [Theory]
    [InlineData(4, 3, 16, 64)]
    [InlineData(4, 2, 24, 64)]
    [InlineData(4, 2, 16, 72)]
    public void Load_SizesThatCannotBeComputed_AreNamed(int heads, int kvHeads, int dim, int intermediate)
    {
        LayerShape shape = Shape with { Bits = 4 };
        var failure = Assert.Throws<OnnxRuntimeException>(() =>
            new LayerSession(new LayerShape(heads, kvHeads, dim, shape.Hidden, intermediate, 4, 32), rows: 1, capacity: 8, fused: true).Dispose());

        Assert.Contains(
            $"DecoderLayer: Expected num_heads a multiple of kv_num_heads, and head_dim and intermediate multiples of 16, found {heads}, {kvHeads}, {dim} and {intermediate}.", failure.Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(LayerSession session, float[] input, long[] shape, int[] lengths, string expected)
    {
        var failure = Assert.Throws<OnnxRuntimeException>(() => session.Step(input, shape, lengths));
        Assert.EndsWith($"DecoderLayer: {expected}", failure.Message, StringComparison.Ordinal);
    }
}
