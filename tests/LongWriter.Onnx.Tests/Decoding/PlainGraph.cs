using LongWriter.Onnx.Export;
using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Runtime;
using static LongWriter.Onnx.Export.GraphWriter;
using static LongWriter.Onnx.Export.Protobuf.AttributeProto.Types;

namespace LongWriter.Onnx.Tests.Decoding;

/// <summary>How a plain graph shall be.</summary>
internal sealed record PlainGraphOptions
{
    public TensorElementType KvType { get; init; } = TensorElementType.Float;

    public TensorElementType LogitsType { get; init; } = TensorElementType.Float;

    /// <summary>False: the graph counts positions from the mask.</summary>
    public bool TakesPositions { get; init; } = true;

    /// <summary>Logits of the last num_logits_to_keep positions.</summary>
    public bool TakesLogitsToKeep { get; init; }

    /// <summary>An If over use_cache_branch: one branch without a past, and one that was traced with one token and so has no causal mask.</summary>
    public bool IsMerged { get; init; }
}

/// <summary>
/// Rewrites a graph of ours with onnxruntime-genai's signature into ONNX's own operators: rotary embedding, a past that is concatenated with the step,
/// and attention by two products, in the inputs and outputs that Optimum gives a decoder.
/// </summary>
internal sealed class PlainGraph
{
    private readonly GraphProto source;
    private readonly PlainGraphOptions options;
    private readonly int headDim;
    private readonly bool usesPast;
    private readonly bool isCausal;
    private readonly GraphWriter graph = new("plain");

    private PlainGraph(GraphProto source, PlainGraphOptions options, bool usesPast, bool isCausal)
    {
        (this.source, this.options, this.usesPast, this.isCausal) = (source, options, usesPast, isCausal);
        headDim = 2 * (int)source.Initializer.Single(tensor => tensor.Name == TableWriter.CosineTable).Dims[1];
    }

    /// <summary>Changes <paramref name="source"/>, in float32 throughout, in place.</summary>
    public static void Rewrite(GraphProto source, PlainGraphOptions options)
    {
        if (options.IsMerged)
        {
            Merge(source, options);
        }
        else
        {
            GraphProto plain = new PlainGraph(source, options, usesPast: true, isCausal: true).Build();
            Replace(source, plain.Node);
            source.Initializer.Add(plain.Initializer);
        }

        foreach (ValueInfoProto value in source.Input.Concat(source.Output).Where(value => value.Name.EndsWith(".key", StringComparison.Ordinal) || value.Name.EndsWith(".value", StringComparison.Ordinal)))
        {
            value.Type.TensorType.ElemType = (int)options.KvType;
        }

        source.Output.Single(output => output.Name == "logits").Type.TensorType.ElemType = (int)options.LogitsType;
        DeclareOthers(source, options);
    }

    private static void DeclareOthers(GraphProto source, PlainGraphOptions options)
    {
        var declared = new GraphWriter("inputs");
        if (options.TakesPositions)
        {
            declared.Input("position_ids", TensorElementType.Int64, "batch", "sequence");
        }

        if (options.TakesLogitsToKeep)
        {
            declared.Input("num_logits_to_keep", TensorElementType.Int64);
            source.Output.Single(output => output.Name == "logits").Type.TensorType.Shape.Dim[1].DimParam = "kept";
        }

        if (options.IsMerged)
        {
            declared.Input("use_cache_branch", TensorElementType.Bool, 1);
        }

        source.Input.Add(declared.Graph.Input);
    }

    private static void Merge(GraphProto source, PlainGraphOptions options)
    {
        GraphProto cached = new PlainGraph(source, options, usesPast: true, isCausal: false).Build();
        GraphProto first = new PlainGraph(source, options, usesPast: false, isCausal: true).Build();
        var branch = new NodeProto
        {
            OpType = "If",
            Name = "branch",
            Input = { "use_cache_branch" },
            Output = { source.Output.Select(output => output.Name) },
            Attribute =
            {
                new AttributeProto { Name = "then_branch", Type = AttributeType.Graph, G = Branch("cached/", cached) },
                new AttributeProto { Name = "else_branch", Type = AttributeType.Graph, G = Branch("first/", first) },
            },
        };
        Replace(source, [branch]);
        source.Initializer.Add(cached.Initializer.Concat(first.Initializer).DistinctBy(tensor => tensor.Name));

        GraphProto Branch(string prefix, GraphProto built)
        {
            HashSet<string> made = [.. built.Node.SelectMany(node => node.Output)];
            var graph = new GraphProto { Name = prefix };
            foreach (NodeProto node in built.Node)
            {
                NodeProto copy = node.Clone();
                Rename(copy.Input);
                Rename(copy.Output);
                graph.Node.Add(copy);
            }

            foreach (ValueInfoProto output in source.Output)
            {
                graph.Output.Add(new ValueInfoProto { Name = prefix + output.Name });
            }

            return graph;

            void Rename(IList<string> names)
            {
                for (int i = 0; i < names.Count; i++)
                {
                    names[i] = made.Contains(names[i]) && names[i].Length > 0 ? prefix + names[i] : names[i];
                }
            }
        }
    }

    private static void Replace(GraphProto source, IEnumerable<NodeProto> nodes)
    {
        NodeProto[] replaced = [.. nodes];
        source.Node.Clear();
        source.Node.Add(replaced);
    }

    private GraphProto Build()
    {
        WriteShared();
        foreach (NodeProto node in source.Node)
        {
            if (node.OpType == "GroupQueryAttention")
            {
                Attend(node);
            }
            else if (node.Name == "logits")
            {
                NodeProto all = node.Clone();
                all.Name = all.Output[0] = "logits.all";
                graph.Graph.Node.Add(all);
                WriteLogits();
            }
            else if (!node.Name.StartsWith("mask.", StringComparison.Ordinal))
            {
                graph.Graph.Node.Add(node.Clone());
            }
        }

        return graph.Graph;
    }

    /// <summary>Cosines and sines of the step's positions, [batch, 1, sequence, head_dim / 2], and what each may look at, [batch, 1, sequence, total].</summary>
    private void WriteShared()
    {
        string total = Dimension("total", "attention_mask");
        string zero = graph.Inline<long>("plain.zero", [0]);
        string one = graph.Inline<long>("plain.one", [1]);
        string positions = "position_ids";
        if (!options.TakesPositions)
        {
            string start = graph.Node("plain.start", "Sub", [total, Dimension("step", "input_ids")]);
            positions = Unsqueeze("plain.positions", graph.Node("plain.range_of_step", "Range", [start, total, one]), 0);
        }

        foreach (string table in (string[])["rope.cos", "rope.sin"])
        {
            Unsqueeze($"plain.{table}", graph.Node($"plain.{table}.rows", "Gather", [table, positions], attributes: Attribute("axis", 0)), 1);
        }

        string visible = Unsqueeze("plain.mask", graph.Node("plain.mask.flags", "Cast", ["attention_mask"], attributes: Attribute("to", (long)TensorElementType.Bool)), 1);
        if (isCausal)
        {
            string all = graph.Node("plain.range", "Range", [zero, total, one]);
            string before = graph.Node("plain.before", "LessOrEqual", [all, Unsqueeze("plain.rows", positions, 2)]);
            visible = graph.Node("plain.visible", "And", [before, visible]);
        }

        graph.Node("plain.bias", "Where", [
            Unsqueeze("plain.visible_heads", visible, 1), graph.Inline<float>("plain.nothing", [0]), graph.Inline<float>("plain.hidden", [-1e9f])]);
    }

    private void WriteLogits()
    {
        string current = "logits.all";
        if (options.TakesLogitsToKeep)
        {
            string count = graph.Node("keep.count", "Reshape", ["num_logits_to_keep", graph.Inline<long>("keep.shape", [1], 1)]);
            string start = graph.Node("keep.start", "Neg", [count]);
            current = graph.Node("keep.rows", "Slice", [current, start, graph.Inline<long>("keep.end", [long.MaxValue], 1), graph.Inline<long>("keep.axis", [1], 1)]);
        }

        graph.Node("logits", "Cast", [current], attributes: Attribute("to", (long)options.LogitsType));
    }

    private void Attend(NodeProto node)
    {
        string name = node.Name;
        int heads = (int)node.Attribute.Single(attribute => attribute.Name == "num_heads").I;
        int kvHeads = (int)node.Attribute.Single(attribute => attribute.Name == "kv_num_heads").I;
        float scale = node.Attribute.Single(attribute => attribute.Name == "scale").F;
        string[] parts = [$"{name}.q", $"{name}.k", $"{name}.v"];
        graph.Node($"{name}.split", "Split", [node.Input[0], graph.Inline<long>($"{name}.sizes", [heads * headDim, kvHeads * headDim, kvHeads * headDim], 3)], parts, "", Attribute("axis", -1));
        string queries = Rotate(ByHead(parts[0], heads));
        string keys = Grow(Rotate(ByHead(parts[1], kvHeads)), node.Input[3], node.Output[1], heads, kvHeads);
        string values = Grow(ByHead(parts[2], kvHeads), node.Input[4], node.Output[2], heads, kvHeads);
        string products = graph.Node($"{name}.products", "MatMul", [queries, Transpose($"{name}.keys", keys, 0, 1, 3, 2)]);
        string scaled = graph.Node($"{name}.scaled", "Mul", [products, graph.Inline<float>($"{name}.scale", [scale])]);
        string biased = graph.Node($"{name}.biased", "Add", [scaled, "plain.bias"]);
        string weights = graph.Node($"{name}.weights", "Softmax", [biased], attributes: Attribute("axis", -1));
        string sums = Transpose($"{name}.rows", graph.Node($"{name}.sums", "MatMul", [weights, values]), 0, 2, 1, 3);
        graph.Node(node.Output[0], "Reshape", [sums, graph.Inline<long>($"{name}.shape", [0, 0, heads * headDim], 3)]);
    }

    /// <summary>Past and step as present, and, for every head of the queries, as float.</summary>
    private string Grow(string step, string past, string present, int heads, int kvHeads)
    {
        string typed = graph.Node($"{present}.step", "Cast", [step], attributes: Attribute("to", (long)options.KvType));
        graph.Node(present, usesPast ? "Concat" : "Identity", usesPast ? [past, typed] : [typed], "", usesPast ? [Attribute("axis", 2)] : []);
        string all = Unsqueeze($"{present}.groups", graph.Node($"{present}.float", "Cast", [present], attributes: Attribute("to", (long)TensorElementType.Float)), 2);
        string repeated = graph.Node($"{present}.repeated", "Expand", [all, graph.Inline<long>($"{present}.repeats", [1, 1, heads / kvHeads, 1, 1], 5)]);
        return graph.Node($"{present}.heads", "Reshape", [repeated, graph.Inline<long>($"{present}.shape", [0, heads, -1, headDim], 4)]);
    }

    private string ByHead(string packed, int heads) => Transpose(
        $"{packed}.by_head", graph.Node($"{packed}.split", "Reshape", [packed, graph.Inline<long>($"{packed}.shape", [0, 0, heads, headDim], 4)]), 0, 2, 1, 3);

    private string Rotate(string value)
    {
        (string low, string high) = ($"{value}.low", $"{value}.high");
        graph.Node($"{value}.halves", "Split", [value, graph.Inline<long>($"{value}.half", [headDim / 2, headDim / 2], 2)], [low, high], "", Attribute("axis", -1));
        string first = graph.Node($"{value}.first", "Sub", [Product(low, "rope.cos"), Product(high, "rope.sin")]);
        string second = graph.Node($"{value}.second", "Add", [Product(high, "rope.cos"), Product(low, "rope.sin")]);
        return graph.Node($"{value}.rotated", "Concat", [first, second], attributes: Attribute("axis", -1));

        string Product(string half, string table) => graph.Node($"{half}.{table}", "Mul", [half, $"plain.{table}"]);
    }

    private string Dimension(string name, string value) => graph.Node(
        $"plain.{name}", "Gather", [graph.Node($"plain.{name}.shape", "Shape", [value]), graph.Inline<long>($"plain.{name}.axis", [1])], attributes: Attribute("axis", 0));

    private string Unsqueeze(string name, string value, long axis) => graph.Node(name, "Unsqueeze", [value, graph.Inline<long>($"{name}.axis", [axis], 1)]);

    private string Transpose(string name, string value, params long[] order) => graph.Node(
        name, "Transpose", [value], attributes: new AttributeProto { Name = "perm", Type = AttributeType.Ints, Ints = { order } });
}
