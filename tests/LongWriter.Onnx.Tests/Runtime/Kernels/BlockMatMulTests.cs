using LongWriter.Onnx.Export;
using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Runtime.Kernels;

namespace LongWriter.Onnx.Tests.Runtime.Kernels;

/// <summary>Products with quantized matrices, bit by bit against plain loops, whatever the shape and the values.</summary>
public sealed class BlockMatMulTests
{
    public static TheoryData<int, int, int, int> Shapes
    {
        get
        {
            TheoryData<int, int, int, int> shapes = [];
            foreach (int bits in (int[])[4, 8])
            {
                foreach ((int inputs, int outputs, int block) in ((int, int, int)[])[(32, 1, 32), (128, 15, 64), (128, 16, 128), (112, 17, 32), (200, 40, 128), (896, 33, 128), (64, 48, 64), (5, 3, 32)])
                {
                    shapes.Add(bits, inputs, outputs, block);
                }
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Run_AnyShapeAndRows_EqualsPlainLoops(int bits, int inputs, int outputs, int block)
    {
        var layout = new BlockLayout(inputs, outputs, bits, block);
        var matrix = new QuantizedMatrix(layout, random => random.Next(1 << bits), seed: bits + inputs);
        foreach (int threads in (int[])[1, 3])
        {
            using OperatorSession session = Plain(layout, gated: false, threads);
            foreach (int rows in (int[])[1, 2, 3, 4, 5, 7, 8, 9, 16, 33, 70])
            {
                float[] x = Numbers(rows * inputs, rows);

                float[] y = Run(session, matrix, x, rows);

                Assert.Equal(x.Chunk(inputs).SelectMany(row => matrix.Multiply(row)), y);
            }
        }
    }

    /// <summary>All quants and all activations at the ends of their ranges: sums of 16 bits are as large as they get.</summary>
    [Theory]
    [InlineData(4, 0)]
    [InlineData(4, 15)]
    [InlineData(8, 0)]
    [InlineData(8, 255)]
    public void Run_ValuesAtTheEnds_DoesNotOverflow(int bits, int quant)
    {
        var layout = new BlockLayout(256, 16, bits, 128);
        var matrix = new QuantizedMatrix(layout, _ => quant, seed: 1);
        using OperatorSession session = Plain(layout, gated: false);
        foreach (float end in (float[])[-3, 3])
        {
            float[] x = [.. Enumerable.Repeat(end, 9 * 256)];

            Assert.Equal(x.Chunk(256).SelectMany(row => matrix.Multiply(row)), Run(session, matrix, x, rows: 9));
        }
    }

    [Fact]
    public void Run_Zeros_GivesZeros()
    {
        var layout = new BlockLayout(64, 20, 4, 64);
        using OperatorSession session = Plain(layout, gated: false);

        Assert.All(Run(session, new QuantizedMatrix(layout, random => random.Next(16), seed: 2), new float[3 * 64], rows: 3), value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void Run_Gated_MultipliesValuesByTheirGatesAndTheGatesSigmoids(int bits)
    {
        const int Inputs = 112;
        var layout = new BlockLayout(Inputs, 24, bits, 32);
        var matrix = new QuantizedMatrix(layout, random => random.Next(1 << bits), seed: 5);
        using OperatorSession session = Plain(layout, gated: true);
        float[] x = Numbers(3 * 2 * Inputs, 6);

        float[] y = Run(session, matrix, x, rows: 3);

        float[] expected = [.. x.Chunk(2 * Inputs).SelectMany(row => matrix.Multiply([.. Enumerable.Range(0, Inputs).Select(i => (float)(row[Inputs + i] * row[i] / (1 + Math.Exp(-row[i]))))]))];
        AssertNear(expected, y, 0.02);
    }

    [Fact]
    public void Run_Normed_AddsNormalizesAndGivesTheSum()
    {
        const int Inputs = 100;
        var layout = new BlockLayout(Inputs, 24, 8, 64);
        var matrix = new QuantizedMatrix(layout, random => random.Next(256), seed: 7);
        using var session = new OperatorSession(
            NormedBlockMatMul.OperatorName, GraphWriter.OwnDomain, [.. Attributes(layout), GraphWriter.Attribute("epsilon", 1e-5f)],
            [(TensorElementType.Float, 2), (TensorElementType.Float, 2), (TensorElementType.Float, 1), (TensorElementType.UInt8, 1)], [(TensorElementType.Float, 2), (TensorElementType.Float, 2)]);
        (float[] stream, float[] branch, float[] norm) = (Numbers(10 * Inputs, 1), Numbers(10 * Inputs, 2), Numbers(Inputs, 3));
        using OrtTensor streamTensor = OrtTensor.From<float>(session.Environment, stream, 10, Inputs);
        using OrtTensor branchTensor = OrtTensor.From<float>(session.Environment, branch, 10, Inputs);
        using OrtTensor normTensor = OrtTensor.From<float>(session.Environment, norm, Inputs);
        using OrtTensor weights = OrtTensor.From<byte>(session.Environment, matrix.Packed, matrix.Packed.Length);
        using OrtTensor product = OrtTensor.Allocate(session.Environment, TensorElementType.Float, 10, 24);
        using OrtTensor sum = OrtTensor.Allocate(session.Environment, TensorElementType.Float, 10, Inputs);

        session.Run([streamTensor, branchTensor, normTensor, weights], [product, sum]);

        float[] added = [.. stream.Zip(branch, (a, b) => a + b)];
        Assert.Equal(added, sum.AsSpan<float>().ToArray());
        AssertNear([.. added.Chunk(Inputs).SelectMany(row => matrix.Multiply(Normalize(row, norm)))], product.AsSpan<float>().ToArray(), 0.02);

        static float[] Normalize(float[] row, float[] norm)
        {
            double factor = 1 / Math.Sqrt(row.Average(value => (double)value * value) + 1e-5);
            return [.. row.Select((value, i) => (float)(value * factor * norm[i]))];
        }
    }

    [Fact]
    public void Run_SteadyState_AllocatesNothing()
    {
        var layout = new BlockLayout(128, 64, 4, 128);
        var matrix = new QuantizedMatrix(layout, random => random.Next(16), seed: 3);
        using OperatorSession session = Plain(layout, gated: false);
        using OrtTensor x = OrtTensor.From<float>(session.Environment, Numbers(9 * 128, 4), 9, 128);
        using OrtTensor weights = OrtTensor.From<byte>(session.Environment, matrix.Packed, matrix.Packed.Length);
        using OrtTensor y = OrtTensor.Allocate(session.Environment, TensorElementType.Float, 9, 64);
        OrtTensor[] inputs = [x, weights], outputs = [y];
        session.Run(inputs, outputs);
        session.Run(inputs, outputs);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++)
        {
            session.Run(inputs, outputs);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Run_WrongShapes_AreNamedAndTheSessionGoesOn()
    {
        var layout = new BlockLayout(64, 16, 4, 32);
        var matrix = new QuantizedMatrix(layout, random => random.Next(16), seed: 4);
        using OperatorSession session = Plain(layout, gated: false);
        using OrtTensor narrow = OrtTensor.From<float>(session.Environment, new float[63], 1, 63);
        using OrtTensor x = OrtTensor.From<float>(session.Environment, Numbers(64, 1), 1, 64);
        using OrtTensor shortWeights = OrtTensor.From<byte>(session.Environment, matrix.Packed.AsSpan(1), matrix.Packed.Length - 1);
        using OrtTensor weights = OrtTensor.From<byte>(session.Environment, matrix.Packed, matrix.Packed.Length);
        using OrtTensor y = OrtTensor.Allocate(session.Environment, TensorElementType.Float, 1, 16);

        var ofInput = Assert.Throws<OnnxRuntimeException>(() => session.Run([narrow, weights], [y]));
        var ofWeights = Assert.Throws<OnnxRuntimeException>(() => session.Run([x, shortWeights], [y]));
        session.Run([x, weights], [y]);

        Assert.Contains("Shape of activations: expected 64 in the last dimension, found [1, 63].", ofInput.Message, StringComparison.Ordinal);
        Assert.Contains($"Shape of weights: expected {matrix.Packed.Length} in the last dimension, found [{matrix.Packed.Length - 1}].", ofWeights.Message, StringComparison.Ordinal);
        Assert.Equal(OnnxRuntimeErrorCode.InvalidArgument, ofInput.Code);
        Assert.Equal(matrix.Multiply(x.AsSpan<float>()), y.AsSpan<float>().ToArray());
    }

    [Theory]
    [InlineData("bits", 5, "Expected bits 4 or 8 and block_size a multiple of 32, found 5 and 32.")]
    [InlineData("bits", 16, "Attribute 'bits': expected 4 to 8, found 16.")]
    [InlineData("block_size", 48, "Expected bits 4 or 8 and block_size a multiple of 32, found 4 and 48.")]
    [InlineData("K", 0, "Attribute 'K': expected 1 to 1048576, found 0.")]
    [InlineData("gated", 2, "Attribute 'gated': expected 0 to 1, found 2.")]
    [InlineData("N", null, "Reading the attribute 'N'")]
    public void Load_AttributeThatCannotBe_IsNamed(string name, int? value, string message)
    {
        List<AttributeProto> attributes = [.. Attributes(new BlockLayout(64, 16, 4, 32)), GraphWriter.Attribute("gated", 0)];
        attributes.RemoveAll(attribute => attribute.Name == name);
        if (value is { } given)
        {
            attributes.Add(GraphWriter.Attribute(name, given));
        }

        var failure = Assert.Throws<OnnxRuntimeException>(() => new OperatorSession(
            BlockMatMul.OperatorName, GraphWriter.OwnDomain, [.. attributes], [(TensorElementType.Float, 2), (TensorElementType.UInt8, 1)], [(TensorElementType.Float, 2)]));

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    private static OperatorSession Plain(BlockLayout layout, bool gated, int threads = 1) => new(
        BlockMatMul.OperatorName, GraphWriter.OwnDomain, [.. Attributes(layout), GraphWriter.Attribute("gated", gated ? 1 : 0)],
        [(TensorElementType.Float, 2), (TensorElementType.UInt8, 1)], [(TensorElementType.Float, 2)], threads);

    private static AttributeProto[] Attributes(BlockLayout layout) =>
    [
        GraphWriter.Attribute("K", layout.Inputs), GraphWriter.Attribute("N", layout.Outputs), GraphWriter.Attribute("bits", layout.Bits), GraphWriter.Attribute("block_size", layout.BlockSize),
    ];

    private static float[] Run(OperatorSession session, QuantizedMatrix matrix, float[] x, int rows)
    {
        using OrtTensor input = OrtTensor.From<float>(session.Environment, x, rows, x.Length / rows);
        using OrtTensor weights = OrtTensor.From<byte>(session.Environment, matrix.Packed, matrix.Packed.Length);
        using OrtTensor output = OrtTensor.Allocate(session.Environment, TensorElementType.Float, rows, matrix.Layout.Outputs);
        output.AsSpan<float>().Fill(float.NaN);
        session.Run([input, weights], [output]);
        return output.AsSpan<float>().ToArray();
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) * 8)];
    }

    private static void AssertNear(float[] expected, float[] actual, double tolerance)
    {
        double size = Math.Sqrt(expected.Average(value => (double)value * value));
        Assert.Equal(expected.Length, actual.Length);
        Assert.InRange(Math.Sqrt(expected.Zip(actual, (e, a) => (double)(e - a) * (e - a)).Average()) / size, 0, tolerance);
    }
}
