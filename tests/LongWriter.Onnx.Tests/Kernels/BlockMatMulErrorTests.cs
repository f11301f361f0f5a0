using LongWriter.Onnx.Export;
using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Runtime.Kernels;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>What BlockMatMul does not take is named, and the session goes on.</summary>
public sealed class BlockMatMulErrorTests : IDisposable
{
    private static readonly BlockLayout Layout = new(40, 20, 4, 32);

    private readonly BlockMatrix matrix = BlockMatrix.Random(Layout, new Random(1), out _);
    private readonly BlockMatMulSession session;

    public BlockMatMulErrorTests() => session = new BlockMatMulSession(matrix);

    public void Dispose() => session.Dispose();

    [Fact]
    public void Run_WeightsOfAnotherLength_AreRefused()
    {
        foreach (long length in (long[])[Layout.Bytes - 1, Layout.Bytes + 64, 0])
        {
            using OrtTensor weights = OrtTensor.Allocate(session.Node.Environment, TensorElementType.UInt8, length);
            AssertRefused(() => session.Multiply(new float[40], weights, 1, 40), $"BlockMatMul: Weights: expected a list of {Layout.Bytes} bytes, found [{length}].");
        }
    }

    [Fact]
    public void Run_WeightsWithTwoDimensions_AreRefused()
    {
        using OrtTensor weights = OrtTensor.Allocate(session.Node.Environment, TensorElementType.UInt8, 1, Layout.Bytes);
        AssertRefused(() => session.Multiply(new float[40], weights, 1, 40), $"BlockMatMul: Weights: expected a list of {Layout.Bytes} bytes, found [1, {Layout.Bytes}].");
    }

    [Theory]
    [InlineData(39)]
    [InlineData(41)]
    [InlineData(80)]
    [InlineData(1)]
    public void Run_AnotherLastDimension_IsRefused(int inputs) => AssertRefused(
        () => session.Multiply(new float[2 * inputs], 2, inputs), $"BlockMatMul: Activations: expected 40 in the last dimension, found [2, {inputs}].");

    [Fact]
    public void Run_GatedWithoutValues_IsRefused()
    {
        using var gated = new BlockMatMulSession(matrix, gated: true);

        string message = Refused(() => gated.Multiply(new float[40], 1, 40));

        Assert.EndsWith("BlockMatMul: Activations: expected 80 in the last dimension, found [1, 40].", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OneNumber_IsRefused() => AssertRefused(
        () =>
        {
            using OrtTensor number = OrtTensor.From<float>(session.Node.Environment, [1f]);
            session.Node.BindInput(0, number);
            session.Node.Run();
        },
        "BlockMatMul: Activations: expected 40 in the last dimension, found [].");

    [Fact]
    public void Run_NineDimensions_AreRefused() => AssertRefused(
        () => session.Multiply(new float[40], 1, 1, 1, 1, 1, 1, 1, 1, 40), "BlockMatMul: Input 0: expected at most 8 dimensions, found 9.");

    [Theory]
    [InlineData("bits", 5, "Expected bits 4 or 8 and block_size a multiple of 32, found 5 and 32.")]
    [InlineData("bits", 3, "Attribute 'bits': expected 4 to 8, found 3.")]
    [InlineData("bits", 4294967300, "Attribute 'bits': expected 4 to 8, found 4294967300.")]
    [InlineData("block_size", 48, "Expected bits 4 or 8 and block_size a multiple of 32, found 4 and 48.")]
    [InlineData("block_size", 0, "Attribute 'block_size': expected 32 to 256, found 0.")]
    [InlineData("block_size", 512, "Attribute 'block_size': expected 32 to 256, found 512.")]
    [InlineData("K", 0, "Attribute 'K': expected 1 to 1048576, found 0.")]
    [InlineData("K", -1, "Attribute 'K': expected 1 to 1048576, found -1.")]
    [InlineData("K", long.MaxValue, "Attribute 'K': expected 1 to 1048576, found 9223372036854775807.")]
    [InlineData("N", 0, "Attribute 'N': expected 1 to 16777216, found 0.")]
    [InlineData("N", 1 << 25, "Attribute 'N': expected 1 to 16777216, found 33554432.")]
    [InlineData("gated", 2, "Attribute 'gated': expected 0 to 1, found 2.")]
    public void Load_AttributeOutOfRange_IsNamed(string name, long value, string expected)
    {
        AttributeProto[] attributes = [.. BlockMatMulSession.Attributes(Layout).Select(attribute => attribute.Name == name ? GraphWriter.Attribute(name, value) : attribute)];

        Assert.EndsWith($"BlockMatMul: {expected}", Refused(() => new BlockMatMulSession(attributes, matrix.Pack(), 20).Dispose()), StringComparison.Ordinal);
    }

    /// <summary>Sizes that are each allowed and together more than any matrix has: refused, and not taken for a small one.</summary>
    [Fact]
    public void Load_MatrixBeyondAnySize_IsNotTakenForASmallOne()
    {
        AttributeProto[] attributes = BlockMatMulSession.Attributes(new BlockLayout(1 << 20, 1 << 24, 8, 32));
        using var large = new BlockMatMulSession(attributes, new byte[64], 1 << 24);
        using OrtTensor weights = OrtTensor.Allocate(large.Node.Environment, TensorElementType.UInt8, 64);

        string message = Refused(() => large.Multiply(new float[1 << 20], weights, 1, 1 << 20));

        Assert.EndsWith($"BlockMatMul: Weights: expected a list of {new BlockLayout(1 << 20, 1 << 24, 8, 32).Bytes} bytes, found [64].", message, StringComparison.Ordinal);
        Assert.True(new BlockLayout(1 << 20, 1 << 24, 8, 32).Bytes > 1L << 44);
    }

    [Theory]
    [InlineData("K")]
    [InlineData("N")]
    [InlineData("bits")]
    [InlineData("block_size")]
    [InlineData("gated")]
    public void Load_AttributeIsMissing_IsNamed(string name)
    {
        AttributeProto[] attributes = [.. BlockMatMulSession.Attributes(Layout).Where(attribute => attribute.Name != name)];

        Assert.Contains($"BlockMatMul: Reading the attribute '{name}': ", Refused(() => new BlockMatMulSession(attributes, matrix.Pack(), 20).Dispose()), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AttributeOfAnotherType_IsNamed()
    {
        AttributeProto[] attributes = [.. BlockMatMulSession.Attributes(Layout).Select(attribute => attribute.Name == "K" ? GraphWriter.Attribute("K", "40") : attribute)];

        Assert.Contains("BlockMatMul: Reading the attribute 'K': ", Refused(() => new BlockMatMulSession(attributes, matrix.Pack(), 20).Dispose()), StringComparison.Ordinal);
    }

    private static string Refused(Action action) => Assert.Throws<OnnxRuntimeException>(action).Message;

    private void AssertRefused(Action action, string expected)
    {
        float[] x = BlockMatrix.Numbers(new Random(2), 80);
        float[] before = session.Multiply(x, 2, 40);

        var failure = Assert.Throws<OnnxRuntimeException>(action);

        Assert.EndsWith(expected, failure.Message, StringComparison.Ordinal);
        Assert.Equal(OnnxRuntimeErrorCode.InvalidArgument, failure.Code);
        Bits.AssertSame(before, session.Multiply(x, 2, 40), "the run behind");
    }
}
