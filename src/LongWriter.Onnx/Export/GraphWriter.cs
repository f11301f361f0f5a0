using System.Runtime.InteropServices;
using Google.Protobuf;
using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Runtime.Kernels;
using static LongWriter.Onnx.Export.Protobuf.AttributeProto.Types;

namespace LongWriter.Onnx.Export;

/// <summary>Builds a graph node by node; each method gives the name of what it made.</summary>
internal sealed class GraphWriter(string graphName)
{
    /// <summary>Operators of ONNX Runtime that ONNX itself does not have.</summary>
    public const string MicrosoftDomain = "com.microsoft";

    /// <summary>Operators of ours, which only our own runtime has.</summary>
    public const string OwnDomain = OperatorLibrary.Domain;

    public GraphProto Graph { get; } = new() { Name = graphName };

    /// <summary>Adds a node with one output that is named after it.</summary>
    public string Node(string name, string operation, string[] inputs, string domain = "", params ReadOnlySpan<AttributeProto> attributes)
    {
        Node(name, operation, inputs, [name], domain, attributes);
        return name;
    }

    public void Node(string name, string operation, string[] inputs, string[] outputs, string domain, params ReadOnlySpan<AttributeProto> attributes)
    {
        var node = new NodeProto { Name = name, OpType = operation, Domain = domain, Input = { inputs }, Output = { outputs } };
        foreach (AttributeProto attribute in attributes)
        {
            node.Attribute.Add(attribute);
        }

        Graph.Node.Add(node);
    }

    public string Initializer(TensorProto tensor)
    {
        Graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    /// <summary>A small tensor inside the graph's own file.</summary>
    public string Inline<T>(string name, ReadOnlySpan<T> values, params ReadOnlySpan<long> shape)
        where T : unmanaged => Initializer(new TensorProto
        {
            Name = name,
            DataType = (int)TensorElementTypes.Of<T>(),
            Dims = { shape.ToArray() },
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)),
        });

    /// <summary>An input; a dimension is a number or a name.</summary>
    public void Input(string name, TensorElementType type, params ReadOnlySpan<object> shape) => Graph.Input.Add(Value(name, type, shape));

    /// <summary>An output; a dimension is a number or a name.</summary>
    public void Output(string name, TensorElementType type, params ReadOnlySpan<object> shape) => Graph.Output.Add(Value(name, type, shape));

    public static AttributeProto Attribute(string name, long value) => new() { Name = name, I = value, Type = AttributeType.Int };

    public static AttributeProto Attribute(string name, float value) => new() { Name = name, F = value, Type = AttributeType.Float };

    public static AttributeProto Attribute(string name, string value) => new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeType.String };

    private static ValueInfoProto Value(string name, TensorElementType type, ReadOnlySpan<object> shape)
    {
        var dimensions = new TensorShapeProto();
        foreach (object dimension in shape)
        {
            dimensions.Dim.Add(dimension is string symbol
                ? new TensorShapeProto.Types.Dimension { DimParam = symbol }
                : new TensorShapeProto.Types.Dimension { DimValue = (int)dimension });
        }

        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = dimensions } },
        };
    }
}
