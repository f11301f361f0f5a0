using LongWriter.Onnx.Export;
using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Runtime.Kernels;
using static LongWriter.Onnx.Export.GraphWriter;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>One layer with random weights in a session of its own: as one operator, or as the operators that it is the same as.</summary>
internal sealed class LayerSession : IDisposable
{
    public const float Epsilon = 1e-5f;

    private static readonly string[] Biases = ["qkv_bias", "out_bias"];

    private readonly NodeSession session;
    private readonly List<OrtTensor> tensors = [];
    private readonly LayerShape shape;
    private readonly AttentionShape attention;
    private readonly string[] biases;

    /// <param name="shape">Of the layer.</param>
    /// <param name="rows">Sequences.</param>
    /// <param name="capacity">Positions of each.</param>
    /// <param name="fused">One operator, or several.</param>
    /// <param name="threads">Of the session.</param>
    /// <param name="positions">Of the rotary tables.</param>
    /// <param name="biases">0 for none, 1 for those of query, key and value, 2 for those of the projection, too.</param>
    /// <param name="replace">Gives another tensor for an input, or null.</param>
    public LayerSession(
        LayerShape shape, int rows, int capacity, bool fused, int threads = 1, int positions = 1200, int biases = 0, Func<string, OrtEnvironment, OrtTensor?>? replace = null)
    {
        this.shape = shape;
        this.biases = [.. Biases.Take(biases)];
        attention = new AttentionShape(shape.HeadDim, shape.Heads / shape.KvHeads, shape.KvHeads, capacity, rows, positions);
        session = new NodeSession(fused ? Fused() : Separate(), threads);
        var random = new Random(31);
        Inputs = new()
        {
            ["hidden"] = Keep(OrtTensor.From<float>(session.Environment, [0], 1, 1, 1)),
            ["past.key"] = Keep(OrtTensor.Allocate(session.Environment, TensorElementType.Int8, rows, shape.KvHeads, capacity, shape.HeadDim)),
            ["past.value"] = Keep(OrtTensor.Allocate(session.Environment, TensorElementType.Int8, rows, shape.KvHeads, capacity, shape.HeadDim)),
            ["lengths"] = Keep(OrtTensor.From<int>(session.Environment, [0], 1)),
            ["total"] = Keep(OrtTensor.From<int>(session.Environment, [0])),
            ["cosines"] = Keep(OrtTensor.From<float>(session.Environment, attention.Cosines, positions, shape.HeadDim / 2)),
            ["sines"] = Keep(OrtTensor.From<float>(session.Environment, attention.Sines, positions, shape.HeadDim / 2)),
            ["key.step"] = Keep(OrtTensor.From<float>(session.Environment, [AttentionShape.KeyStep], 1)),
            ["value.step"] = Keep(OrtTensor.From<float>(session.Environment, [AttentionShape.ValueStep], 1)),
            ["norm1"] = Keep(OrtTensor.From<float>(session.Environment, BlockMatrix.Numbers(random, shape.Hidden), shape.Hidden)),
            ["qkv"] = Weights(random, shape.Qkv),
            ["out"] = Weights(random, shape.Out),
            ["norm2"] = Keep(OrtTensor.From<float>(session.Environment, BlockMatrix.Numbers(random, shape.Hidden), shape.Hidden)),
            ["gate_up"] = Weights(random, shape.GateUp),
            ["down"] = Weights(random, shape.Down),
        };
        foreach (string name in this.biases)
        {
            int count = name == "qkv_bias" ? shape.Qkv.Outputs : shape.Hidden;
            Inputs[name] = Keep(OrtTensor.From<float>(session.Environment, BlockMatrix.Numbers(random, count), count));
        }

        foreach (string name in Inputs.Keys.ToArray())
        {
            Inputs[name] = replace?.Invoke(name, session.Environment) is { } other ? Keep(other) : Inputs[name];
        }

        foreach (OrtTensor tensor in (OrtTensor[])[Inputs["past.key"], Inputs["past.value"]])
        {
            random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(tensor.AsSpan<sbyte>()));
        }
    }

    public NodeSession Node => session;

    /// <summary>In the operator's order.</summary>
    public Dictionary<string, OrtTensor> Inputs { get; }

    /// <summary>Keys and values of all rows, as they are now.</summary>
    public sbyte[] Kept => [.. Inputs["past.key"].AsSpan<sbyte>(), .. Inputs["past.value"].AsSpan<sbyte>()];

    public static float[] Tokens(LayerShape shape, int count, int seed) => BlockMatrix.Numbers(new Random(seed), count * shape.Hidden);

    /// <summary>Sends tokens of all rows through the layer.</summary>
    /// <param name="hidden">(rows, tokens, hidden).</param>
    /// <param name="lengths">Of each row, behind the step.</param>
    public float[] Step(float[] hidden, params int[] lengths)
    {
        int tokens = lengths.Length == 0 ? 0 : hidden.Length / lengths.Length / shape.Hidden;
        return Step(hidden, [lengths.Length, tokens, shape.Hidden], lengths);
    }

    public float[] Step(float[] hidden, long[] hiddenShape, int[] lengths)
    {
        OrtEnvironment environment = session.Environment;
        using OrtTensor input = OrtTensor.From<float>(environment, hidden, hiddenShape);
        using OrtTensor lasts = OrtTensor.From<int>(environment, [.. lengths.Select(length => length - 1)], lengths.Length);
        using OrtTensor output = OrtTensor.Allocate(environment, TensorElementType.Float, hiddenShape);
        output.AsSpan<float>().Fill(float.NaN);
        Inputs["hidden"] = input;
        Inputs["lengths"] = lasts;
        foreach ((int index, OrtTensor tensor) in Inputs.Values.Index())
        {
            session.BindInput(index, tensor);
        }

        session.BindOutput(0, output);
        session.BindOutput(1, Inputs["past.key"]);
        session.BindOutput(2, Inputs["past.value"]);
        session.Run();
        return output.AsSpan<float>().ToArray();
    }

    public void Dispose()
    {
        session.Dispose();
        tensors.ForEach(tensor => tensor.Dispose());
    }

    private GraphWriter Declare()
    {
        var graph = new GraphWriter("layer");
        graph.Input("hidden", TensorElementType.Float, "batch", "tokens", "hidden");
        AttentionSession.DeclareCache(graph);
        graph.Input("norm1", TensorElementType.Float, "norm1_size");
        graph.Input("qkv", TensorElementType.UInt8, "qkv_bytes");
        graph.Input("out", TensorElementType.UInt8, "out_bytes");
        graph.Input("norm2", TensorElementType.Float, "norm2_size");
        graph.Input("gate_up", TensorElementType.UInt8, "gate_up_bytes");
        graph.Input("down", TensorElementType.UInt8, "down_bytes");
        Array.ForEach(biases, name => graph.Input(name, TensorElementType.Float, $"{name}_size"));
        graph.Output("output", TensorElementType.Float, "batch", "tokens", "hidden");
        AttentionSession.DeclarePresent(graph);
        return graph;
    }

    private GraphWriter Fused()
    {
        GraphWriter graph = Declare();
        graph.Node("layer", DecoderLayer.OperatorName,
            ["hidden", "past.key", "past.value", "lengths", "total", "cosines", "sines", "key.step", "value.step", "norm1", "qkv", "out", "norm2", "gate_up", "down", .. biases],
            ["output", "present.key", "present.value"], OwnDomain,
            Attribute("num_heads", shape.Heads), Attribute("kv_num_heads", shape.KvHeads), Attribute("head_dim", shape.HeadDim), Attribute("hidden", shape.Hidden), Attribute("intermediate", shape.Intermediate),
            Attribute("bits", shape.Bits), Attribute("block_size", shape.BlockSize), Attribute("scale", attention.Scale), Attribute("epsilon", Epsilon));
        return graph;
    }

    private GraphWriter Separate()
    {
        GraphWriter graph = Declare();
        string nothing = graph.Node("nothing", "Sub", ["hidden", "hidden"]);
        graph.Node("qkv_node", NormedBlockMatMul.OperatorName, ["hidden", nothing, "norm1", "qkv"], ["packed", "stream"], OwnDomain, [.. Matrix(shape.Qkv), Attribute("epsilon", Epsilon)]);
        graph.Node("attention", CachedAttention.OperatorName,
            [Biased("packed", "qkv_bias"), "past.key", "past.value", "lengths", "total", "cosines", "sines", "key.step", "value.step"], ["attended", "present.key", "present.value"], OwnDomain, AttentionSession.Attributes(attention));
        string branch = Biased(graph.Node("out_node", BlockMatMul.OperatorName, ["attended", "out"], OwnDomain, [.. Matrix(shape.Out), Attribute("gated", 0)]), "out_bias");
        graph.Node("gate_up_node", NormedBlockMatMul.OperatorName, ["stream", branch, "norm2", "gate_up"], ["gates", "sum"], OwnDomain, [.. Matrix(shape.GateUp), Attribute("epsilon", Epsilon)]);
        string down = graph.Node("down_node", BlockMatMul.OperatorName, ["gates", "down"], OwnDomain, [.. Matrix(shape.Down), Attribute("gated", 1)]);
        graph.Node("output", "Add", ["sum", down], ["output"], "");
        return graph;

        string Biased(string product, string bias) => biases.Contains(bias) ? graph.Node($"{product}.biased", "Add", [product, bias]) : product;
    }

    private static AttributeProto[] Matrix(BlockLayout layout) =>
        [Attribute("K", layout.Inputs), Attribute("N", layout.Outputs), Attribute("bits", layout.Bits), Attribute("block_size", layout.BlockSize)];

    private OrtTensor Weights(Random random, BlockLayout layout)
    {
        byte[] packed = BlockMatrix.Random(layout, random, out _).Pack();
        return Keep(OrtTensor.From<byte>(session.Environment, packed, packed.Length));
    }

    private OrtTensor Keep(OrtTensor tensor)
    {
        tensors.Add(tensor);
        return tensor;
    }
}
