using LongWriter.Onnx.Export;
using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Runtime.Kernels;
using static LongWriter.Onnx.Export.GraphWriter;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>One <see cref="BlockMatMul"/> in a session of its own.</summary>
internal sealed class BlockMatMulSession : IDisposable
{
    private readonly NodeSession session;
    private readonly OrtTensor weights;
    private readonly int outputs;

    public BlockMatMulSession(BlockMatrix matrix, bool gated = false, int threads = 1)
        : this(Attributes(matrix.Layout, gated), matrix.Pack(), matrix.Layout.Outputs, threads)
    {
    }

    /// <param name="attributes">Of the node, whether it takes them or not.</param>
    /// <param name="packed">The matrix.</param>
    /// <param name="outputs">Numbers of a row of the result.</param>
    /// <param name="threads">Of the session.</param>
    public BlockMatMulSession(AttributeProto[] attributes, byte[] packed, int outputs, int threads = 1)
    {
        this.outputs = outputs;
        var graph = new GraphWriter("product");
        graph.Graph.Input.Add(OfAnyRank("x", TensorElementType.Float));
        graph.Graph.Input.Add(OfAnyRank("weights", TensorElementType.UInt8));
        graph.Graph.Output.Add(OfAnyRank("y", TensorElementType.Float));
        graph.Node("y", BlockMatMul.OperatorName, ["x", "weights"], OwnDomain, attributes);
        session = new NodeSession(graph, threads);
        weights = OrtTensor.From<byte>(session.Environment, packed, packed.Length);
    }

    public NodeSession Node => session;

    public static AttributeProto[] Attributes(BlockLayout layout, bool gated = false) =>
    [
        Attribute("K", layout.Inputs), Attribute("N", layout.Outputs), Attribute("bits", layout.Bits), Attribute("block_size", layout.BlockSize), Attribute("gated", gated ? 1 : 0),
    ];

    /// <summary>The product of rows.</summary>
    /// <param name="x">The rows.</param>
    /// <param name="shape">Theirs.</param>
    public float[] Multiply(float[] x, params long[] shape) => Multiply(x, weights, shape);

    /// <summary>The product with other weights than those of the matrix.</summary>
    public float[] Multiply(float[] x, OrtTensor otherWeights, params long[] shape)
    {
        using OrtTensor input = OrtTensor.From<float>(session.Environment, x, shape);
        using OrtTensor output = OrtTensor.Allocate(session.Environment, TensorElementType.Float, [.. shape[..^1], outputs]);
        session.BindInput(0, input);
        session.BindInput(1, otherWeights);
        session.BindOutput(0, output);
        output.AsSpan<float>().Fill(float.NaN);
        session.Run();
        return output.AsSpan<float>().ToArray();
    }

    public void Dispose()
    {
        session.Dispose();
        weights.Dispose();
    }

    private static ValueInfoProto OfAnyRank(string name, TensorElementType type) => new()
    {
        Name = name,
        Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type } },
    };
}
