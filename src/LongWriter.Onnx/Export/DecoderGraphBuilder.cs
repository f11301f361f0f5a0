using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Runtime.Kernels;
using static System.FormattableString;
using static LongWriter.Onnx.Export.GraphWriter;

namespace LongWriter.Onnx.Export;

/// <summary>
/// The graph of a decoder in the Llama layout, made for ONNX Runtime: packed q, k, v; GroupQueryAttention over keys and values that are bound as past
/// and present at once; gate and up as one product; logits only for the rows that are asked for. With onnxruntime-genai's signature a mask takes the place
/// of lengths, and logits are those of all positions.
/// </summary>
internal sealed class DecoderGraphBuilder
{
    /// <summary>Of ONNX; the first that has Split with sizes as an input is 13, and 17 was measured.</summary>
    private const int OperatorSetVersion = 17;
    private const int IrVersion = 8;

    private readonly ModelConfig config;
    private readonly ExportOptions options;
    private readonly SafetensorsModel source;
    private readonly ExternalDataWriter data;
    private readonly GraphWriter graph = new("decoder");
    private readonly ProjectionWriter projections;
    private readonly TableWriter tables;
    private readonly FloatWriter floats;
    private readonly GraphSignature names;
    private readonly bool isGenAi;
    private readonly KvScales? kvScales;

    /// <summary>What layers add to, and what is to be added to it next, by whoever normalizes it; null for nothing.</summary>
    private string stream = "";
    private string? branch;

    public DecoderGraphBuilder(ModelConfig config, ExportOptions options, SafetensorsModel source, ExternalDataWriter data, KvScales? kvScales)
    {
        this.config = config;
        this.options = options;
        this.source = source;
        this.data = data;
        this.kvScales = kvScales;
        isGenAi = options.Signature == Signature.GenAi;
        names = isGenAi ? GraphSignature.GenAi : GraphSignature.Exported;
        projections = new ProjectionWriter(graph, data, source, options);
        tables = new TableWriter(graph, data, source, config);
        floats = new FloatWriter(PrecisionTypes.Of(options.Activations));
    }

    private TensorElementType KvType => PrecisionTypes.Of(options.Kv);

    /// <summary>What attention computes with; int8 keys and values are dequantized inside it.</summary>
    private TensorElementType AttentionType => KvType == TensorElementType.Int8 ? TensorElementType.Float : KvType;

    private TensorElementType EmbeddingType => PrecisionTypes.Of(options.Embedding);

    /// <summary>Whether a layer is one operator: of the usual form, without biases in its feed-forward part.</summary>
    private bool HasLayerOperators => options.HasLayerOperators && !config.MlpBias && LayerShape.Takes(config.HeadDim, config.IntermediateSize);

    /// <summary>onnxruntime-genai's graphs have keys, values and logits of one type.</summary>
    private TensorElementType LogitsType => isGenAi ? AttentionType : TensorElementType.Float;

    /// <summary>Writes the weights to the data file and gives the graph.</summary>
    /// <param name="onLayer">Called with each layer that is complete.</param>
    /// <param name="cancellationToken">Checked between layers.</param>
    public ModelProto Build(Action<int> onLayer, CancellationToken cancellationToken)
    {
        DeclareInputs();
        (string lengths, string totalLength) = Lengths();
        stream = Embed();
        (string cosines, string sines) = tables.WriteRotary(options.MaxPositions ?? config.MaxPositions, AttentionType);
        for (int layer = 0; layer < config.LayerCount; layer++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var shared = new AttentionInputs(lengths, totalLength, cosines, sines);
            if (HasLayerOperators)
            {
                stream = WriteLayer(layer, shared);
            }
            else
            {
                branch = Attend(layer, shared);
                branch = FeedForward(layer);
            }

            onLayer(layer);
        }

        Project(Normalize("model.norm"));
        return ToModel();
    }

    private void DeclareInputs()
    {
        // Dimensions are named as the makers of either signature name them.
        string past = isGenAi ? "past_sequence_length" : "capacity";
        string present = isGenAi ? "total_sequence_length" : "capacity";
        graph.Input(names.InputIds, TensorElementType.Int64, "batch", "sequence");
        if (isGenAi)
        {
            graph.Input(names.AttentionMask!, TensorElementType.Int64, "batch", "total_sequence_length");
            graph.Output(names.Logits, LogitsType, "batch", "sequence", config.VocabSize);
        }
        else
        {
            graph.Input(names.SequenceLengths!, TensorElementType.Int32, "batch");
            graph.Input(names.TotalSequenceLength!, TensorElementType.Int32);
            graph.Input(names.LogitIndex!, TensorElementType.Int64, "rows");
            graph.Output(names.Logits, LogitsType, "rows", config.VocabSize);
        }

        for (int layer = 0; layer < config.LayerCount; layer++)
        {
            graph.Input(OfLayer(names.PastKey, layer), KvType, "batch", config.KvHeadCount, past, config.HeadDim);
            graph.Input(OfLayer(names.PastValue, layer), KvType, "batch", config.KvHeadCount, past, config.HeadDim);
            graph.Output(OfLayer(names.PresentKey, layer), KvType, "batch", config.KvHeadCount, present, config.HeadDim);
            graph.Output(OfLayer(names.PresentValue, layer), KvType, "batch", config.KvHeadCount, present, config.HeadDim);
        }
    }

    /// <summary>Each row's length minus 1 and the longest length: inputs, or counted from the mask.</summary>
    private (string Lengths, string TotalLength) Lengths()
    {
        if (!isGenAi)
        {
            return (names.SequenceLengths!, names.TotalSequenceLength!);
        }

        string mask = names.AttentionMask!;
        string axis = graph.Inline<long>("mask.axis", [1], 1);
        string ones = graph.Node("mask.sum", "ReduceSum", [mask, axis], attributes: Attribute("keepdims", 0));
        string last = graph.Node("mask.last", "Sub", [ones, graph.Inline<long>("mask.one", [1])]);
        string lengths = Cast("mask.lengths", last, TensorElementType.Int32);
        string shape = graph.Node("mask.shape", "Shape", [mask]);
        string total = graph.Node("mask.total", "Gather", [shape, graph.Inline<long>("mask.length_axis", [1])], attributes: Attribute("axis", 0));
        return (lengths, Cast("mask.total_length", total, TensorElementType.Int32));
    }

    private string Embed()
    {
        string table = tables.Write("model.embed_tokens.weight", "model.embed_tokens.weight", EmbeddingType);
        string rows = graph.Node("embedding", "Gather", [table, names.InputIds], attributes: Attribute("axis", 0));
        return EmbeddingType == floats.Type ? rows : Cast("embedding.cast", rows, floats.Type);
    }

    private string WriteLayer(int layer, AttentionInputs shared)
    {
        string prefix = $"model.layers.{layer}";
        (string attention, string mlp) = ($"{prefix}.self_attn", $"{prefix}.mlp");
        string output = $"{prefix}.output";
        (ProjectionPart[] qkv, ProjectionPart[] project) = (QkvParts(attention), OutParts(attention));
        string[] inputs = [
            stream, OfLayer(names.PastKey, layer), OfLayer(names.PastValue, layer), shared.Lengths, shared.TotalLength, shared.Cosines, shared.Sines, .. Scales(layer, kvScales!),
            WriteNormWeight($"{prefix}.input_layernorm"), projections.WriteWeights($"{attention}.qkv_proj", qkv, config.HiddenSize),
            projections.WriteWeights($"{attention}.o_proj", project, config.QuerySize),
            WriteNormWeight($"{prefix}.post_attention_layernorm"), projections.WriteWeights($"{mlp}.gate_up_proj", GateUpParts(mlp), config.HiddenSize),
            projections.WriteWeights($"{mlp}.down_proj", [new($"{mlp}.down_proj", config.HiddenSize)], config.IntermediateSize),
            projections.WriteBiases($"{attention}.qkv_proj", qkv), projections.WriteBiases($"{attention}.o_proj", project)];
        graph.Node(output, DecoderLayer.OperatorName, inputs, [output, OfLayer(names.PresentKey, layer), OfLayer(names.PresentValue, layer)], OwnDomain,
            Attribute("num_heads", config.HeadCount), Attribute("kv_num_heads", config.KvHeadCount), Attribute("head_dim", config.HeadDim), Attribute("hidden", config.HiddenSize),
            Attribute("intermediate", config.IntermediateSize), Attribute("bits", options.Weights == WeightPrecision.Int8 ? 8 : 4), Attribute("block_size", options.BlockSize),
            Attribute("scale", (float)(1 / Math.Sqrt(config.HeadDim))), Attribute("epsilon", config.RmsNormEpsilon));
        return output;
    }

    private ProjectionPart[] QkvParts(string prefix) => [
        new($"{prefix}.q_proj", config.QuerySize, config.AttentionBias), new($"{prefix}.k_proj", config.KvSize, config.AttentionBias), new($"{prefix}.v_proj", config.KvSize, config.AttentionBias)];

    private ProjectionPart[] OutParts(string prefix) => [new($"{prefix}.o_proj", config.HiddenSize, config.AttentionOutputBias)];

    private ProjectionPart[] GateUpParts(string prefix) => [
        new($"{prefix}.gate_proj", config.IntermediateSize, config.MlpBias), new($"{prefix}.up_proj", config.IntermediateSize, config.MlpBias)];

    private string Attend(int layer, AttentionInputs shared)
    {
        string prefix = $"model.layers.{layer}.self_attn";
        string[] products = Together($"{prefix}.qkv_proj", $"model.layers.{layer}.input_layernorm", QkvParts(prefix));
        bool isCast = AttentionType != floats.Type;
        products = isCast ? [.. products.Select(product => Cast($"{product}_half", product, AttentionType))] : products;

        // Inputs by place: packed q, k, v, or q; (key); (value); past; lengths; rotary tables; (positions); (bias); (sink); scales.
        List<string> inputs = [
            products[0], products.ElementAtOrDefault(1) ?? "", products.ElementAtOrDefault(2) ?? "", OfLayer(names.PastKey, layer), OfLayer(names.PastValue, layer), shared.Lengths, shared.TotalLength, shared.Cosines, shared.Sines];
        List<AttributeProto> attributes = [
            Attribute("num_heads", config.HeadCount), Attribute("kv_num_heads", config.KvHeadCount), Attribute("do_rotary", 1),
            Attribute("scale", (float)(1 / Math.Sqrt(config.HeadDim)))];
        string attended = $"{prefix}.attention";
        string[] outputs = [attended, OfLayer(names.PresentKey, layer), OfLayer(names.PresentValue, layer)];
        if (options.HasOwnOperators && products.Length == 1 && CachedAttention.Takes(config.HeadDim))
        {
            graph.Node(attended, CachedAttention.OperatorName, [.. inputs.Where(input => input.Length > 0), .. Scales(layer, kvScales!)], outputs, OwnDomain, [
                .. attributes.Where(attribute => attribute.Name != "do_rotary")]);
            return projections.Write($"{prefix}.o_proj", attended, OutParts(prefix), config.QuerySize);
        }

        if (kvScales is not null)
        {
            inputs.AddRange(["", "", "", .. Scales(layer, kvScales)]);
            attributes.AddRange([Attribute("k_quant_type", "PER_TENSOR"), Attribute("v_quant_type", "PER_TENSOR"), Attribute("kv_cache_bit_width", 8)]);
        }

        graph.Node(attended, "GroupQueryAttention", [.. inputs], outputs, MicrosoftDomain, [.. attributes]);
        attended = isCast ? Cast($"{prefix}.attention_float", attended, floats.Type) : attended;
        return projections.Write($"{prefix}.o_proj", attended, OutParts(prefix), config.QuerySize);
    }

    private string[] Scales(int layer, KvScales scales) => [
        graph.Inline<float>(KvScaleNames.Key(layer), [scales.Keys[layer]], 1), graph.Inline<float>(KvScaleNames.Value(layer), [scales.Values[layer]], 1)];

    private string FeedForward(int layer)
    {
        string prefix = $"model.layers.{layer}.mlp";
        bool bias = config.MlpBias;
        (string gate, string up) = ($"{prefix}.gate", $"{prefix}.up");
        string[] products = Together($"{prefix}.gate_up_proj", $"model.layers.{layer}.post_attention_layernorm", GateUpParts(prefix));
        if (options.HasOwnOperators && products.Length == 1)
        {
            return projections.Write($"{prefix}.down_proj", products[0], [new($"{prefix}.down_proj", config.HiddenSize, bias)], config.IntermediateSize, gated: true);
        }

        if (products is [string first, string second])
        {
            (gate, up) = (first, second);
        }
        else
        {
            string sizes = graph.Inline<long>($"{prefix}.sizes", [config.IntermediateSize, config.IntermediateSize], 2);
            graph.Node($"{prefix}.split", "Split", [products[0], sizes], [gate, up], "", Attribute("axis", -1));
        }

        string sigmoid = graph.Node($"{prefix}.sigmoid", "Sigmoid", [gate]);
        string activated = graph.Node($"{prefix}.silu", "Mul", [gate, sigmoid]);
        string product = graph.Node($"{prefix}.product", "Mul", [activated, up]);
        return projections.Write($"{prefix}.down_proj", product, [new($"{prefix}.down_proj", config.HiddenSize, bias)], config.IntermediateSize);
    }

    /// <summary>Projections of the normalized stream: one product, or one for each where they are not to be packed.</summary>
    private string[] Together(string name, string norm, IReadOnlyList<ProjectionPart> parts)
    {
        if (options.HasOwnOperators && options.PackProjections && branch is not null)
        {
            (string product, stream) = projections.WriteNormed(name, new NormedInput(stream, branch, WriteNormWeight(norm), config.RmsNormEpsilon), parts, config.HiddenSize);
            branch = null;
            return [product];
        }

        string input = Normalize(norm);
        return options.PackProjections
            ? [projections.Write(name, input, parts, config.HiddenSize)]
            : [.. parts.Select(part => projections.Write(part.Name, input, [part], config.HiddenSize))];
    }

    /// <summary>Adds the branch to the stream, if there is one, and normalizes.</summary>
    private string Normalize(string name)
    {
        if (branch is null)
        {
            return graph.Node(name, "SimplifiedLayerNormalization", [stream, WriteNormWeight(name)], "",
                Attribute("axis", -1), Attribute("epsilon", config.RmsNormEpsilon), Attribute("stash_type", 1));
        }

        string sum = $"{name}.sum";
        graph.Node(name, "SkipSimplifiedLayerNormalization", [stream, branch, WriteNormWeight(name)], [name, "", "", sum], MicrosoftDomain,
            Attribute("epsilon", config.RmsNormEpsilon));
        (stream, branch) = (sum, null);
        return name;
    }

    private string WriteNormWeight(string name)
    {
        float[] weight = source.ReadAll(source.Require($"{name}.weight", config.HiddenSize));
        string tensor = graph.Initializer(data.Begin($"{name}.weight", floats.Type, config.HiddenSize));
        floats.Write(data, weight);
        return tensor;
    }

    /// <summary>
    /// Logits of the wanted rows: positions of all rows are flattened, so one index serves prefill, verification and ragged batches alike.
    /// onnxruntime-genai wants them all, and in the shape that they come in.
    /// </summary>
    private void Project(string normed)
    {
        string shape = graph.Inline<long>("rows.shape", [-1, config.HiddenSize], 2);
        string flat = graph.Node("rows", "Reshape", [normed, shape]);
        if (!isGenAi)
        {
            ProjectRows(names.Logits, graph.Node("rows.wanted", "Gather", [flat, names.LogitIndex!], attributes: Attribute("axis", 0)));
            return;
        }

        string rows = ProjectRows("rows.logits", flat);
        string step = graph.Node("rows.step", "Shape", [names.InputIds]);
        string full = graph.Node("rows.full", "Concat", [step, graph.Inline<long>("rows.vocabulary", [config.VocabSize], 1)], attributes: Attribute("axis", 0));
        graph.Node(names.Logits, "Reshape", [rows, full]);
    }

    /// <summary>Rows of logits, in <see cref="LogitsType"/>.</summary>
    private string ProjectRows(string name, string rows)
    {
        if (LogitsType == floats.Type)
        {
            return ProjectRowsAsComputed(name, rows);
        }

        graph.Node(name, "Cast", [ProjectRowsAsComputed($"{name}.computed", rows)], [name], "", Attribute("to", (long)LogitsType));
        return name;
    }

    private string ProjectRowsAsComputed(string name, string rows)
    {
        string weight = config.TieWordEmbeddings ? "model.embed_tokens" : "lm_head";
        if (options.HasBlocks)
        {
            string product = projections.Write("lm_head", rows, [new(weight, config.VocabSize)], config.HiddenSize);
            return graph.Node(name, "Identity", [product]);
        }

        // Gemm takes the table as it is stored, so tied embeddings need no second copy and no table is ever transposed in memory.
        bool shared = config.TieWordEmbeddings && EmbeddingType == floats.Type;
        string table = shared ? "model.embed_tokens.weight" : tables.Write("lm_head.weight", $"{weight}.weight", floats.Type);
        return graph.Node(name, "Gemm", [rows, table], "", Attribute("transB", 1));
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
            options.HasOwnOperators ? [new OperatorSetIdProto { Domain = OwnDomain, Version = 1 }] : [],
        },
    };

    private string Cast(string name, string input, TensorElementType type) => graph.Node(name, "Cast", [input], attributes: Attribute("to", (long)type));

    private static string OfLayer(string name, int layer) => name.Replace("{0}", Invariant($"{layer}"), StringComparison.Ordinal);

    /// <summary>What every layer's attention takes.</summary>
    private readonly record struct AttentionInputs(string Lengths, string TotalLength, string Cosines, string Sines);
}
