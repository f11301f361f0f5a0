using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using static System.FormattableString;
using static LongWriter.Onnx.Export.GraphWriter;

namespace LongWriter.Onnx.Export;

/// <summary>
/// The graph of a decoder in the Llama layout, made for ONNX Runtime: packed q, k, v; GroupQueryAttention over keys and values that are bound as past
/// and present at once; gate and up as one product; logits only for the rows that are asked for.
/// </summary>
internal sealed class DecoderGraphBuilder
{
    /// <summary>Of ONNX; the first that has Split with sizes as an input is 13, and 17 was measured.</summary>
    private const int OperatorSetVersion = 17;
    private const int IrVersion = 8;

    /// <summary>Initializer with a row for each position.</summary>
    internal const string CosineTable = "rope.cos";

    private readonly ModelConfig config;
    private readonly ExportOptions options;
    private readonly SafetensorsModel source;
    private readonly ExternalDataWriter data;
    private readonly GraphWriter graph = new("decoder");
    private readonly ProjectionWriter projections;
    private readonly GraphSignature names = GraphSignature.Exported;
    private readonly KvScales? kvScales;

    public DecoderGraphBuilder(ModelConfig config, ExportOptions options, SafetensorsModel source, ExternalDataWriter data, KvScales? kvScales)
    {
        this.config = config;
        this.options = options;
        this.source = source;
        this.data = data;
        this.kvScales = kvScales;
        projections = new ProjectionWriter(graph, data, source, options);
    }

    private TensorElementType KvType => options.Kv == KvPrecision.Int8 ? TensorElementType.Int8 : TensorElementType.Float;

    /// <summary>Writes the weights to the data file and gives the graph.</summary>
    /// <param name="onLayer">Called with each layer that is complete.</param>
    /// <param name="cancellationToken">Checked between layers.</param>
    public ModelProto Build(Action<int> onLayer, CancellationToken cancellationToken)
    {
        DeclareInputs();
        string hidden = Embed();
        (string cosines, string sines) = WriteRotaryTable(options.MaxPositions ?? config.MaxPositions);
        string normed = Norm("model.layers.0.input_layernorm", hidden);
        for (int layer = 0; layer < config.LayerCount; layer++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string attention = Attend(layer, normed, cosines, sines);
            (normed, hidden) = AddAndNorm($"model.layers.{layer}.post_attention_layernorm", hidden, attention);
            string feedForward = FeedForward($"model.layers.{layer}.mlp", normed);
            string nextNorm = layer + 1 < config.LayerCount ? $"model.layers.{layer + 1}.input_layernorm" : "model.norm";
            (normed, hidden) = AddAndNorm(nextNorm, hidden, feedForward);
            onLayer(layer);
        }

        Project(normed);
        return ToModel();
    }

    private void DeclareInputs()
    {
        graph.Input(names.InputIds, TensorElementType.Int64, "batch", "sequence");
        graph.Input(names.SequenceLengths, TensorElementType.Int32, "batch");
        graph.Input(names.TotalSequenceLength, TensorElementType.Int32);
        graph.Input(names.LogitIndex, TensorElementType.Int64, "rows");
        graph.Output(names.Logits, TensorElementType.Float, "rows", config.VocabSize);
        for (int layer = 0; layer < config.LayerCount; layer++)
        {
            graph.Input(OfLayer(names.PastKey, layer), KvType, "batch", config.KvHeadCount, "capacity", config.HeadDim);
            graph.Input(OfLayer(names.PastValue, layer), KvType, "batch", config.KvHeadCount, "capacity", config.HeadDim);
            graph.Output(OfLayer(names.PresentKey, layer), KvType, "batch", config.KvHeadCount, "capacity", config.HeadDim);
            graph.Output(OfLayer(names.PresentValue, layer), KvType, "batch", config.KvHeadCount, "capacity", config.HeadDim);
        }
    }

    private string Embed()
    {
        TensorInfo table = source.Require("model.embed_tokens.weight", config.VocabSize, config.HiddenSize);
        bool half = options.Embedding == EmbeddingPrecision.Float16;
        string tensor = graph.Initializer(data.Begin(
            table.Name, half ? TensorElementType.Float16 : TensorElementType.Float, config.VocabSize, config.HiddenSize));
        float[] row = new float[config.HiddenSize];
        Half[] halves = new Half[config.HiddenSize];
        for (int i = 0; i < config.VocabSize; i++)
        {
            source.Read(table, (long)i * config.HiddenSize, row);
            if (half)
            {
                for (int column = 0; column < row.Length; column++)
                {
                    halves[column] = (Half)row[column];
                }

                data.Write<Half>(halves);
            }
            else
            {
                data.Write<float>(row);
            }
        }

        string rows = graph.Node("embedding", "Gather", [tensor, names.InputIds], attributes: Attribute("axis", 0));
        return half ? graph.Node("embedding.float", "Cast", [rows], attributes: Attribute("to", (long)TensorElementType.Float)) : rows;
    }

    private (string Cosines, string Sines) WriteRotaryTable(int positions)
    {
        RopeFrequencies rope = RopeFrequencies.From(config);
        string cosines = WriteTable(CosineTable, Math.Cos);
        string sines = WriteTable("rope.sin", Math.Sin);
        return (cosines, sines);

        string WriteTable(string name, Func<double, double> function)
        {
            int pairs = config.HeadDim / 2;
            string tensor = graph.Initializer(data.Begin(name, TensorElementType.Float, positions, pairs));
            float[] row = new float[pairs];
            for (int position = 0; position < positions; position++)
            {
                for (int pair = 0; pair < pairs; pair++)
                {
                    row[pair] = (float)(function(position * rope.Frequencies[pair]) * rope.AttentionFactor);
                }

                data.Write<float>(row);
            }

            return tensor;
        }
    }

    private string Attend(int layer, string input, string cosines, string sines)
    {
        string prefix = $"model.layers.{layer}.self_attn";
        bool bias = config.AttentionBias;
        string packed = projections.Write($"{prefix}.qkv_proj", input, [
            new($"{prefix}.q_proj", config.QuerySize, bias), new($"{prefix}.k_proj", config.KvSize, bias), new($"{prefix}.v_proj", config.KvSize, bias)], config.HiddenSize);

        // Inputs by place: packed q, k, v; (key); (value); past; lengths; rotary tables; (positions); (bias); (sink); scales.
        List<string> inputs = [
            packed, "", "", OfLayer(names.PastKey, layer), OfLayer(names.PastValue, layer), names.SequenceLengths, names.TotalSequenceLength, cosines, sines];
        List<AttributeProto> attributes = [
            Attribute("num_heads", config.HeadCount), Attribute("kv_num_heads", config.KvHeadCount), Attribute("do_rotary", 1),
            Attribute("scale", (float)(1 / Math.Sqrt(config.HeadDim)))];
        if (kvScales is not null)
        {
            inputs.AddRange(["", "", "",
                graph.Inline<float>(KvScaleNames.Key(layer), [kvScales.Keys[layer]], 1), graph.Inline<float>(KvScaleNames.Value(layer), [kvScales.Values[layer]], 1)]);
            attributes.AddRange([Attribute("k_quant_type", "PER_TENSOR"), Attribute("v_quant_type", "PER_TENSOR"), Attribute("kv_cache_bit_width", 8)]);
        }

        string attended = $"{prefix}.attention";
        graph.Node(attended, "GroupQueryAttention", [.. inputs], [attended, OfLayer(names.PresentKey, layer), OfLayer(names.PresentValue, layer)],
            MicrosoftDomain, [.. attributes]);
        return projections.Write($"{prefix}.o_proj", attended, [new($"{prefix}.o_proj", config.HiddenSize, bias)], config.QuerySize);
    }

    private string FeedForward(string prefix, string input)
    {
        bool bias = config.MlpBias;
        string both = projections.Write($"{prefix}.gate_up_proj", input, [
            new($"{prefix}.gate_proj", config.IntermediateSize, bias), new($"{prefix}.up_proj", config.IntermediateSize, bias)], config.HiddenSize);
        string sizes = graph.Inline<long>($"{prefix}.sizes", [config.IntermediateSize, config.IntermediateSize], 2);
        string gate = $"{prefix}.gate";
        string up = $"{prefix}.up";
        graph.Node($"{prefix}.split", "Split", [both, sizes], [gate, up], "", Attribute("axis", -1));
        string sigmoid = graph.Node($"{prefix}.sigmoid", "Sigmoid", [gate]);
        string activated = graph.Node($"{prefix}.silu", "Mul", [gate, sigmoid]);
        string product = graph.Node($"{prefix}.product", "Mul", [activated, up]);
        return projections.Write($"{prefix}.down_proj", product, [new($"{prefix}.down_proj", config.HiddenSize, bias)], config.IntermediateSize);
    }

    private string Norm(string name, string input) =>
        graph.Node(name, "SimplifiedLayerNormalization", [input, WriteNormWeight(name)], "",
            Attribute("axis", -1), Attribute("epsilon", config.RmsNormEpsilon), Attribute("stash_type", 1));

    /// <summary>Adds a branch to the stream and normalizes the sum; gives both.</summary>
    private (string Normed, string Sum) AddAndNorm(string name, string stream, string branch)
    {
        string sum = $"{name}.sum";
        graph.Node(name, "SkipSimplifiedLayerNormalization", [stream, branch, WriteNormWeight(name)], [name, "", "", sum], MicrosoftDomain,
            Attribute("epsilon", config.RmsNormEpsilon));
        return (name, sum);
    }

    private string WriteNormWeight(string name)
    {
        float[] weight = source.ReadAll(source.Require($"{name}.weight", config.HiddenSize));
        string tensor = graph.Initializer(data.Begin($"{name}.weight", TensorElementType.Float, config.HiddenSize));
        data.Write<float>(weight);
        return tensor;
    }

    /// <summary>Logits of the wanted rows: positions of all rows are flattened, so one index serves prefill, verification and ragged batches alike.</summary>
    private void Project(string normed)
    {
        string shape = graph.Inline<long>("rows.shape", [-1, config.HiddenSize], 2);
        string flat = graph.Node("rows", "Reshape", [normed, shape]);
        string wanted = graph.Node("rows.wanted", "Gather", [flat, names.LogitIndex], attributes: Attribute("axis", 0));
        string weight = config.TieWordEmbeddings ? "model.embed_tokens" : "lm_head";
        if (options.Weights != WeightPrecision.Float32)
        {
            string product = projections.Write("lm_head", wanted, [new(weight, config.VocabSize)], config.HiddenSize);
            graph.Node(names.Logits, "Identity", [product]);
            return;
        }

        // Gemm takes the table as it is stored, so tied embeddings need no second copy and no table is ever transposed in memory.
        bool shared = config.TieWordEmbeddings && options.Embedding == EmbeddingPrecision.Float32;
        string table = shared ? "model.embed_tokens.weight" : WriteOutputTable(weight);
        graph.Node(names.Logits, "Gemm", [wanted, table], "", Attribute("transB", 1));
    }

    private string WriteOutputTable(string name)
    {
        TensorInfo table = source.Require($"{name}.weight", config.VocabSize, config.HiddenSize);
        string tensor = graph.Initializer(data.Begin("lm_head.weight", TensorElementType.Float, config.VocabSize, config.HiddenSize));
        float[] row = new float[config.HiddenSize];
        for (int i = 0; i < config.VocabSize; i++)
        {
            source.Read(table, (long)i * config.HiddenSize, row);
            data.Write<float>(row);
        }

        return tensor;
    }

    private ModelProto ToModel() => new()
    {
        IrVersion = IrVersion,
        ProducerName = "LongWriter",
        Graph = graph.Graph,
        OpsetImport =
        {
            new OperatorSetIdProto { Domain = "", Version = OperatorSetVersion },
            new OperatorSetIdProto { Domain = MicrosoftDomain, Version = 1 },
        },
    };

    private static string OfLayer(string name, int layer) => name.Replace("{0}", Invariant($"{layer}"), StringComparison.Ordinal);
}
