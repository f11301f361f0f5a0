using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Runtime.Kernels;

namespace LongWriter.Onnx.Export;

/// <summary>
/// A graph with int8 keys and values as one with float32 ones, over the same weights: for reading prompts, where ONNX Runtime's attention over int8 is the slower one (ADR 19).
/// </summary>
internal static class PrefillGraph
{
    /// <summary>Inputs of GroupQueryAttention up to the rotary tables; behind them are the scales.</summary>
    private const int InputsWithoutScales = 9;

    private static readonly string[] QuantizationAttributes = ["k_quant_type", "v_quant_type", "kv_cache_bit_width"];

    /// <param name="model">With int8 keys and values; not changed.</param>
    public static ModelProto From(ModelProto model)
    {
        ModelProto prefill = model.Clone();
        HashSet<string> scales = [];
        foreach (NodeProto node in prefill.Graph.Node.Where(node => node.OpType is "GroupQueryAttention" or CachedAttention.OperatorName))
        {
            if (node.OpType == CachedAttention.OperatorName)
            {
                ToOnnxRuntimes(node);
            }

            scales.UnionWith(node.Input.Skip(InputsWithoutScales));
            string[] inputs = [.. node.Input.Take(InputsWithoutScales)];
            node.Input.Clear();
            node.Input.AddRange(inputs);
            AttributeProto[] attributes = [.. node.Attribute.Where(attribute => !QuantizationAttributes.Contains(attribute.Name))];
            node.Attribute.Clear();
            node.Attribute.AddRange(attributes);
        }

        foreach (TensorProto scale in prefill.Graph.Initializer.Where(tensor => scales.Contains(tensor.Name)).ToArray())
        {
            prefill.Graph.Initializer.Remove(scale);
        }

        foreach (TypeProto.Types.Tensor tensor in prefill.Graph.Input.Concat(prefill.Graph.Output).Select(value => value.Type.TensorType).Where(tensor => tensor.ElemType == (int)TensorElementType.Int8))
        {
            tensor.ElemType = (int)TensorElementType.Float;
        }

        return prefill;
    }

    /// <summary>The same attention as ONNX Runtime's operator; between the packed input and the past are those for unpacked keys and values.</summary>
    private static void ToOnnxRuntimes(NodeProto node)
    {
        (node.OpType, node.Domain) = ("GroupQueryAttention", GraphWriter.MicrosoftDomain);
        node.Input.Insert(1, "");
        node.Input.Insert(1, "");
        node.Attribute.Add(GraphWriter.Attribute("do_rotary", 1));
    }
}
