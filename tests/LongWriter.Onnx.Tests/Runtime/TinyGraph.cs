using System.Runtime.InteropServices;
using Google.Protobuf;
using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Tests.Runtime;

/// <summary>Hand-built models of a few bytes.</summary>
internal static class TinyGraph
{
    /// <summary>y = x * weight + 1 by element; x and y are float [rows, 3], weight is [1, 10, 100].</summary>
    public static byte[] Affine()
    {
        var graph = new GraphProto { Name = "affine" };
        graph.Node.Add(new NodeProto { OpType = "Mul", Input = { "x", "weight" }, Output = { "scaled" } });
        graph.Node.Add(new NodeProto { OpType = "Add", Input = { "scaled", "one" }, Output = { "y" } });
        graph.Initializer.Add(Floats("weight", [3], [1f, 10f, 100f]));
        graph.Initializer.Add(Floats("one", [1], [1f]));
        graph.Input.Add(Value("x"));
        graph.Output.Add(Value("y"));
        return Model(graph);
    }

    /// <summary>y = x through <paramref name="steps"/> products of 256 x 256 matrices, to have something that takes a while.</summary>
    public static byte[] LongChain(int steps)
    {
        var graph = new GraphProto { Name = "chain" };
        string current = "x";
        for (int i = 0; i < steps; i++)
        {
            string next = i == steps - 1 ? "y" : $"h{i}";
            graph.Node.Add(new NodeProto { OpType = "MatMul", Input = { current, "x" }, Output = { next } });
            current = next;
        }

        graph.Input.Add(Value("x", 256));
        graph.Output.Add(Value("y", 256));
        return Model(graph);
    }

    private static byte[] Model(GraphProto graph) => new ModelProto
    {
        IrVersion = 8,
        ProducerName = "tests",
        Graph = graph,
        OpsetImport = { new OperatorSetIdProto { Version = 17 } },
        MetadataProps = { new StringStringEntryProto { Key = "purpose", Value = "test" } },
    }.ToByteArray();

    private static TensorProto Floats(string name, long[] shape, float[] values) => new()
    {
        Name = name,
        DataType = (int)TensorElementType.Float,
        Dims = { shape },
        RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values)),
    };

    private static ValueInfoProto Value(string name, int columns = 3) => new()
    {
        Name = name,
        Type = new TypeProto
        {
            TensorType = new TypeProto.Types.Tensor
            {
                ElemType = (int)TensorElementType.Float,
                Shape = new TensorShapeProto
                {
                    Dim = { new TensorShapeProto.Types.Dimension { DimParam = "rows" }, new TensorShapeProto.Types.Dimension { DimValue = columns } },
                },
            },
        },
    };
}
