using LongWriter.Onnx.Export;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Runtime.Kernels;
using static LongWriter.Onnx.Export.GraphWriter;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>The sum of two inputs, normalized and multiplied: the same as each step by itself.</summary>
public sealed class NormedBlockMatMulTests
{
    private const float Epsilon = 1e-5f;

    [Theory]
    [InlineData(100, 24, 4, 1)]
    [InlineData(100, 24, 8, 3)]
    [InlineData(896, 40, 4, 20)]
    [InlineData(7, 16, 8, 9)]
    public void Run_AnyRows_GivesTheSumAndTheProductOfItsNorm(int inputs, int outputs, int bits, int rows)
    {
        var random = new Random(inputs + rows);
        BlockMatrix matrix = BlockMatrix.Random(new BlockLayout(inputs, outputs, bits, 64), random, out _);
        (float[] stream, float[] branch, float[] norm) = (BlockMatrix.Numbers(random, rows * inputs), BlockMatrix.Numbers(random, rows * inputs), BlockMatrix.Numbers(random, inputs));

        (float[] product, float[] sum) = Run(matrix, stream, branch, norm, rows);

        Assert.Equal(stream.Zip(branch, (a, b) => a + b), sum);
        foreach ((int row, float[] added) in sum.Chunk(inputs).Index())
        {
            double factor = 1 / Math.Sqrt(added.Average(value => (double)value * value) + Epsilon);
            (double[] expected, _) = matrix.Multiply([.. added.Select((value, i) => (float)(value * factor * norm[i]))]);
            AssertNear(expected, product[(row * outputs)..((row + 1) * outputs)]);
        }
    }

    [Fact]
    public void Run_BranchOfAnotherShape_IsNamed()
    {
        BlockMatrix matrix = BlockMatrix.Random(new BlockLayout(32, 16, 4, 32), new Random(1), out _);

        var failure = Assert.Throws<OnnxRuntimeException>(() => Run(matrix, new float[64], new float[32], new float[32], rows: 2));

        Assert.Contains("Branch: expected the stream's shape, found [1, 32].", failure.Message, StringComparison.Ordinal);
    }

    private static (float[] Product, float[] Sum) Run(BlockMatrix matrix, float[] stream, float[] branch, float[] norm, int rows)
    {
        BlockLayout layout = matrix.Layout;
        var graph = new GraphWriter("normed");
        graph.Input("stream", TensorElementType.Float, "rows", "inputs");
        graph.Input("branch", TensorElementType.Float, "branch_rows", "branch_inputs");
        graph.Input("norm", TensorElementType.Float, "norm_inputs");
        graph.Input("weights", TensorElementType.UInt8, "bytes");
        graph.Output("product", TensorElementType.Float, "product_rows", "outputs");
        graph.Output("sum", TensorElementType.Float, "sum_rows", "sum_inputs");
        graph.Node("node", NormedBlockMatMul.OperatorName, ["stream", "branch", "norm", "weights"], ["product", "sum"], OwnDomain,
            Attribute("K", layout.Inputs), Attribute("N", layout.Outputs), Attribute("bits", layout.Bits), Attribute("block_size", layout.BlockSize), Attribute("epsilon", Epsilon));
        using var session = new NodeSession(graph, threads: 2);
        byte[] packed = matrix.Pack();
        using OrtTensor streamTensor = OrtTensor.From<float>(session.Environment, stream, rows, layout.Inputs);
        using OrtTensor branchTensor = OrtTensor.From<float>(session.Environment, branch, branch.Length / layout.Inputs, layout.Inputs);
        using OrtTensor normTensor = OrtTensor.From<float>(session.Environment, norm, layout.Inputs);
        using OrtTensor weights = OrtTensor.From<byte>(session.Environment, packed, packed.Length);
        using OrtTensor product = OrtTensor.Allocate(session.Environment, TensorElementType.Float, rows, layout.Outputs);
        using OrtTensor sum = OrtTensor.Allocate(session.Environment, TensorElementType.Float, rows, layout.Inputs);
        foreach ((int i, OrtTensor input) in new[] { streamTensor, branchTensor, normTensor, weights }.Index())
        {
            session.BindInput(i, input);
        }

        session.BindOutput(0, product);
        session.BindOutput(1, sum);
        session.Run();
        return (product.AsSpan<float>().ToArray(), sum.AsSpan<float>().ToArray());
    }

    /// <summary>The norm is computed in another way here, so now and then an activation is rounded to the next whole number.</summary>
    private static void AssertNear(double[] expected, float[] actual)
    {
        double size = Math.Sqrt(expected.Average(value => value * value));
        Assert.InRange(Math.Sqrt(expected.Zip(actual, (e, a) => (e - a) * (e - a)).Average()) / size, 0, 0.01);
    }
}
