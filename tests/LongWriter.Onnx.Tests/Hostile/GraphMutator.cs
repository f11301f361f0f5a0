using System.Globalization;
using Google.Protobuf;
using LongWriter.Onnx.Export.Protobuf;

namespace LongWriter.Onnx.Tests.Hostile;

/// <summary>Changes one thing of a graph that stays a protobuf message.</summary>
internal sealed class GraphMutator(Random random)
{
    private static readonly long[] Numbers = [0, -1, 1, 2, 3, 5, 64, 127, 128, 4096, 65537, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 40, long.MaxValue, long.MinValue];
    private static readonly string[] Locations = ["", ".", "..", "../model.onnx.data", "/dev/zero", "/dev/urandom", "/proc/self/mem", "model.onnx", "config.json", "none", "a\0b"];

    public (string Change, byte[] Bytes) Change(byte[] bytes)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(bytes);
        string change = random.Next(10) switch
        {
            < 4 => ChangeTensor(Any(model.Graph.Initializer)),
            < 8 => ChangeNode(Any(model.Graph.Node)),
            8 => ChangeValue(Any(random.Next(2) == 0 ? model.Graph.Input : model.Graph.Output)),
            _ => ChangeModel(model),
        };
        return (change, model.ToByteArray());
    }

    private string ChangeTensor(TensorProto tensor)
    {
        switch (random.Next(5))
        {
            case 0 when tensor.Dims.Count > 0:
                int axis = random.Next(tensor.Dims.Count);
                tensor.Dims[axis] = Number();
                return $"{tensor.Name}: dims[{axis}] = {tensor.Dims[axis]}";
            case 1:
                tensor.DataType = random.Next(24);
                return $"{tensor.Name}: type {tensor.DataType}";
            case 2:
                tensor.RawData = ByteString.CopyFrom(new byte[random.Next(100)]);
                tensor.DataLocation = TensorProto.Types.DataLocation.Default;
                return $"{tensor.Name}: inline data of {tensor.RawData.Length} bytes";
            case 3 when tensor.Dims.Count > 1:
                (tensor.Dims[0], tensor.Dims[^1]) = (tensor.Dims[^1], tensor.Dims[0]);
                return $"{tensor.Name}: dims turned round";
            case 4:
                tensor.Dims.Add(Number());
                return $"{tensor.Name}: one more dim, {tensor.Dims[^1]}";
            default:
                if (tensor.ExternalData.Count == 0)
                {
                    tensor.Name += "x";
                    return $"{tensor.Name}: renamed";
                }

                StringStringEntryProto entry = Any(tensor.ExternalData);
                entry.Value = entry.Key == "location" ? Locations[random.Next(Locations.Length)]
                    : random.Next(8) == 0 ? "x" : Number().ToString(CultureInfo.InvariantCulture);
                return $"{tensor.Name}: {entry.Key} = {entry.Value.Replace('\0', '0')}";
        }
    }

    private string ChangeNode(NodeProto node)
    {
        switch (random.Next(5))
        {
            case 0 when node.Attribute.Count > 0:
                AttributeProto attribute = Any(node.Attribute);
                (attribute.I, attribute.F) = (Number(), random.Next(3) switch { 0 => float.NaN, 1 => float.PositiveInfinity, _ => -1e30f });
                return $"{node.Name}: {attribute.Name} = {attribute.I} or {attribute.F}";
            case 1 when node.Attribute.Count > 0:
                string gone = Any(node.Attribute).Name;
                node.Attribute.Remove(node.Attribute.First(item => item.Name == gone));
                return $"{node.Name}: no {gone}";
            case 2:
                int input = random.Next(node.Input.Count);
                node.Input[input] = random.Next(3) switch { 0 => "", 1 => node.Output[0], _ => node.Input[0] };
                return $"{node.Name}: input {input} is '{node.Input[input]}'";
            case 3:
                node.Input.RemoveAt(node.Input.Count - 1);
                return $"{node.Name}: an input fewer";
            default:
                node.OpType = Any([ "Gather", "MatMulNBits", "GroupQueryAttention", "Loop", "If", "Reshape", "Split", "ConstantOfShape", "Range", "Expand", "QLinearMatMul" ]);
                return $"{node.Name}: operator {node.OpType}";
        }
    }

    private string ChangeValue(ValueInfoProto value)
    {
        TypeProto.Types.Tensor tensor = value.Type.TensorType;
        if (tensor.Shape.Dim.Count == 0 || random.Next(3) == 0)
        {
            tensor.ElemType = random.Next(24);
            return $"{value.Name}: type {tensor.ElemType}";
        }

        Any(tensor.Shape.Dim).DimValue = Number();
        return $"{value.Name}: shape {tensor.Shape}".Replace('\n', ' ');
    }

    private string ChangeModel(ModelProto model)
    {
        switch (random.Next(4))
        {
            case 0:
                model.IrVersion = Number();
                return $"ir_version = {model.IrVersion}";
            case 1:
                Any(model.OpsetImport).Version = Number();
                return "an operator set's version";
            case 2:
                model.Graph.Initializer.Add(Any(model.Graph.Initializer));
                return "an initializer twice";
            default:
                model.Graph.Node.RemoveAt(random.Next(model.Graph.Node.Count));
                return "a node fewer";
        }
    }

    private long Number() => Numbers[random.Next(Numbers.Length)];

    private T Any<T>(IList<T> items) => items[random.Next(items.Count)];
}
