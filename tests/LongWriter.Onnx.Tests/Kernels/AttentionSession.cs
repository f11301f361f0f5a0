using LongWriter.Onnx.Export;
using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Runtime.Kernels;
using static LongWriter.Onnx.Export.GraphWriter;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>One attention over int8 keys and values in a session of its own, ours or ONNX Runtime's: each with inputs and attributes as the exporter writes them.</summary>
internal sealed class AttentionSession : IDisposable
{
    private readonly NodeSession session;
    private readonly List<OrtTensor> tensors = [];

    public AttentionSession(AttentionShape shape, bool own = true, int threads = 1, AttributeProto[]? attributes = null)
    {
        Shape = shape;

        // ONNX Runtime's needs to know the width; ours says itself what it does not take.
        var graph = new GraphWriter("attention");
        graph.Input("packed", TensorElementType.Float, "batch", "tokens", own ? "packed_size" : shape.Packed);
        DeclareCache(graph);
        graph.Output("attended", TensorElementType.Float, "batch", "tokens", own ? "attended_size" : shape.Heads * shape.Dim);
        DeclarePresent(graph);
        string[] outputs = ["attended", "present.key", "present.value"];
        attributes ??= Attributes(shape);
        if (own)
        {
            graph.Node("attention", CachedAttention.OperatorName,
                ["packed", "past.key", "past.value", "lengths", "total", "cosines", "sines", "key.step", "value.step"], outputs, OwnDomain, attributes);
        }
        else
        {
            graph.Node("attention", "GroupQueryAttention",
                ["packed", "", "", "past.key", "past.value", "lengths", "total", "cosines", "sines", "", "", "", "key.step", "value.step"], outputs, MicrosoftDomain,
                [.. attributes, Attribute("do_rotary", 1), Attribute("k_quant_type", "PER_TENSOR"), Attribute("v_quant_type", "PER_TENSOR"), Attribute("kv_cache_bit_width", 8)]);
        }

        session = new NodeSession(graph, threads);
        Keys = Keep(OrtTensor.Allocate(session.Environment, TensorElementType.Int8, shape.Rows, shape.KvHeads, shape.Capacity, shape.Dim));
        Values = Keep(OrtTensor.Allocate(session.Environment, TensorElementType.Int8, shape.Rows, shape.KvHeads, shape.Capacity, shape.Dim));
        Cosines = Keep(OrtTensor.From<float>(session.Environment, shape.Cosines, shape.Positions, shape.Dim / 2));
        Sines = Keep(OrtTensor.From<float>(session.Environment, shape.Sines, shape.Positions, shape.Dim / 2));
        Fill(seed: 1);
    }

    public AttentionShape Shape { get; }

    public NodeSession Node => session;

    public OrtTensor Keys { get; }

    public OrtTensor Values { get; }

    /// <summary>The rotary tables: settable, to be wrong.</summary>
    public OrtTensor Cosines { get; set; }

    public OrtTensor Sines { get; set; }

    /// <summary>Where the node is told to write keys, where that is not where they are.</summary>
    public OrtTensor? PresentKeys { get; set; }

    public OrtTensor? PresentValues { get; set; }

    public static AttributeProto[] Attributes(AttentionShape shape) =>
        [Attribute("num_heads", shape.Heads), Attribute("kv_num_heads", shape.KvHeads), Attribute("scale", shape.Scale)];

    /// <summary>Inputs 1 to 8 of operators with attention.</summary>
    public static void DeclareCache(GraphWriter graph)
    {
        graph.Input("past.key", TensorElementType.Int8, "batch", "kv_heads", "capacity", "dim");
        graph.Input("past.value", TensorElementType.Int8, "batch", "kv_heads", "capacity", "dim");
        graph.Input("lengths", TensorElementType.Int32, "batch");
        graph.Input("total", TensorElementType.Int32);
        graph.Input("cosines", TensorElementType.Float, "positions", "pairs");
        graph.Input("sines", TensorElementType.Float, "positions", "pairs");
        graph.Input("key.step", TensorElementType.Float, 1);
        graph.Input("value.step", TensorElementType.Float, 1);
    }

    /// <summary>Outputs 1 and 2 of operators with attention.</summary>
    public static void DeclarePresent(GraphWriter graph)
    {
        graph.Output("present.key", TensorElementType.Int8, "batch", "kv_heads", "capacity", "dim");
        graph.Output("present.value", TensorElementType.Int8, "batch", "kv_heads", "capacity", "dim");
    }

    /// <summary>Any keys and values at all positions.</summary>
    public void Fill(int seed)
    {
        var random = new Random(seed);
        foreach (OrtTensor tensor in (OrtTensor[])[Keys, Values])
        {
            random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(tensor.AsSpan<sbyte>()));
        }
    }

    /// <summary>Any keys and values at a row's positions from <paramref name="length"/> on.</summary>
    public void FillBehind(int row, int length, int seed)
    {
        var random = new Random(seed);
        foreach (OrtTensor tensor in (OrtTensor[])[Keys, Values])
        {
            for (int head = 0; head < Shape.KvHeads; head++)
            {
                int start = row * Shape.RowBytes + (head * Shape.Capacity + length) * Shape.Dim;
                random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(tensor.AsSpan<sbyte>().Slice(start, (Shape.Capacity - length) * Shape.Dim)));
            }
        }
    }

    /// <summary>Appends tokens to rows from 0 on and attends.</summary>
    /// <param name="packed">(rows, tokens, <see cref="AttentionShape.Packed"/>).</param>
    /// <param name="lengths">Of each row, behind the step.</param>
    public float[] Step(float[] packed, params int[] lengths)
    {
        int tokens = lengths.Length == 0 ? 0 : packed.Length / lengths.Length / Shape.Packed;
        return Step(packed, [lengths.Length, tokens, Shape.Packed], [.. lengths.Select(length => length - 1)]);
    }

    /// <summary>The same, in any shape and with lengths as the node takes them, less 1.</summary>
    public float[] Step(float[] packed, long[] packedShape, int[] lasts)
    {
        OrtEnvironment environment = session.Environment;
        using OrtTensor input = OrtTensor.From<float>(environment, packed, packedShape);
        using OrtTensor lengths = OrtTensor.From<int>(environment, lasts, lasts.Length);
        using OrtTensor total = OrtTensor.From<int>(environment, [lasts.Length == 0 ? 0 : (int)Math.Min(lasts.Max() + 1L, int.MaxValue)]);
        using OrtTensor keyStep = OrtTensor.From<float>(environment, [AttentionShape.KeyStep], 1);
        using OrtTensor valueStep = OrtTensor.From<float>(environment, [AttentionShape.ValueStep], 1);
        using OrtTensor output = OrtTensor.Allocate(environment, TensorElementType.Float, packedShape[0], packedShape[1], Shape.Heads * Shape.Dim);
        output.AsSpan<float>().Fill(float.NaN);
        OrtTensor[] inputs = [input, Keys, Values, lengths, total, Cosines, Sines, keyStep, valueStep];
        foreach ((int index, OrtTensor tensor) in inputs.Index())
        {
            session.BindInput(index, tensor);
        }

        session.BindOutput(0, output);
        session.BindOutput(1, PresentKeys ?? Keys);
        session.BindOutput(2, PresentValues ?? Values);
        session.Run();
        return output.AsSpan<float>().ToArray();
    }

    public void Dispose()
    {
        session.Dispose();
        tensors.ForEach(tensor => tensor.Dispose());
    }

    public OrtTensor Keep(OrtTensor tensor)
    {
        tensors.Add(tensor);
        return tensor;
    }
}
