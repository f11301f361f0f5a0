namespace LongWriter.Onnx.Model;

/// <summary>Reads config.json. Every problem is collected, so that one look at the message repairs the file.</summary>
internal static class ModelConfigReader
{
    private const string FileName = "config.json";
    private const string Qwen2 = "qwen2";
    private const string GenerationFileName = "generation_config.json";

    /// <summary>Reads config.json of a model folder. Ends of text that generation_config.json names are added, as generation uses those.</summary>
    /// <exception cref="ModelFormatException">A file is missing, unreadable, contradictory or of another layout; the message names every problem.</exception>
    public static ModelConfig Load(string modelFolder)
    {
        string path = Path.Combine(modelFolder, FileName);
        if (!File.Exists(path))
        {
            throw new ModelFormatException($"{FileName}: expected in '{modelFolder}', found no such file.");
        }

        ModelConfig config = Parse(File.ReadAllBytes(path));
        string generationPath = Path.Combine(modelFolder, GenerationFileName);
        return File.Exists(generationPath) ? AddEnds(config, File.ReadAllBytes(generationPath)) : config;
    }

    /// <summary>Reads the content of config.json.</summary>
    /// <exception cref="ModelFormatException">As for <see cref="Load"/>.</exception>
    public static ModelConfig Parse(ReadOnlyMemory<byte> json) => ModelJson.Read(FileName, json, root =>
    {
        var fields = new JsonFields(FileName, root);
        ModelConfig config = Read(fields);
        CheckAgreement(config, fields);
        fields.ThrowIfAny();
        return config;
    });

    private static ModelConfig AddEnds(ModelConfig config, ReadOnlyMemory<byte> json) => ModelJson.Read(GenerationFileName, json, root =>
    {
        var fields = new JsonFields(GenerationFileName, root);
        IReadOnlyList<int> ends = fields.TokenIds("eos_token_id");
        CheckIds(fields, config.VocabSize, ends.Select(id => ("eos_token_id", (int?)id)));
        fields.ThrowIfAny();
        return config with { EosTokenIds = [.. ends.Union(config.EosTokenIds)] };
    });

    private static ModelConfig Read(JsonFields fields)
    {
        int hiddenSize = fields.Count("hidden_size");
        int headCount = fields.Count("num_attention_heads");
        string modelType = fields.Text("model_type", null);
        string activation = fields.Text("hidden_act", "silu");
        if (activation is not ("silu" or "swish"))
        {
            fields.Add("hidden_act", "silu", $"'{activation}'");
        }

        if (modelType is not ("llama" or Qwen2))
        {
            fields.Add("model_type", "llama or qwen2", $"'{modelType}'");
        }

        // The same layout, but q, k and v always have biases, and no field says so.
        bool isQwen = modelType == Qwen2;
        bool hasBiases = fields.Flag("attention_bias", false);
        if (isQwen && fields.Flag("use_sliding_window", false))
        {
            fields.Add("use_sliding_window", "false", "true");
        }

        int maxPositions = fields.Count("max_position_embeddings");
        double theta = fields.Object("rope_parameters")?.Number("rope_theta", 10_000) ?? fields.Number("rope_theta", 10_000);
        return new ModelConfig
        {
            ModelType = modelType,
            HiddenSize = hiddenSize,
            IntermediateSize = fields.Count("intermediate_size"),
            LayerCount = fields.Count("num_hidden_layers"),
            HeadCount = headCount,
            KvHeadCount = fields.Count("num_key_value_heads", headCount),
            HeadDim = fields.Count("head_dim", headCount > 0 ? hiddenSize / headCount : 0),
            VocabSize = fields.Count("vocab_size"),
            MaxPositions = maxPositions,
            RopeTheta = theta,
            RopeScaling = RopeScalingReader.Read(fields, maxPositions),
            RmsNormEpsilon = (float)fields.Number("rms_norm_eps", 1e-6),
            AttentionBias = isQwen || hasBiases,
            AttentionOutputBias = !isQwen && hasBiases,
            MlpBias = fields.Flag("mlp_bias", false),
            TieWordEmbeddings = fields.Flag("tie_word_embeddings", false),
            BosTokenId = fields.TokenIds("bos_token_id") is [int bos, ..] ? bos : null,
            EosTokenIds = fields.TokenIds("eos_token_id"),
            PadTokenId = fields.TokenIds("pad_token_id") is [int pad, ..] ? pad : null,
        };
    }

    private static void CheckAgreement(ModelConfig config, JsonFields fields)
    {
        if (fields.HasProblems)
        {
            return;
        }

        if (!fields.Has("head_dim") && config.HiddenSize % config.HeadCount != 0)
        {
            fields.Add("hidden_size", $"a multiple of num_attention_heads ({config.HeadCount}), as there is no head_dim", $"{config.HiddenSize}");
        }

        if (config.HeadCount % config.KvHeadCount != 0)
        {
            fields.Add("num_attention_heads", $"a multiple of num_key_value_heads ({config.KvHeadCount})", $"{config.HeadCount}");
        }

        if (config.HeadDim % 2 != 0)
        {
            fields.Add("head_dim", "an even number, as rotary positions turn pairs", $"{config.HeadDim}");
        }

        CheckIds(fields, config.VocabSize, [
            ("bos_token_id", config.BosTokenId), ("pad_token_id", config.PadTokenId), .. config.EosTokenIds.Select(id => ("eos_token_id", (int?)id))]);
    }

    private static void CheckIds(JsonFields fields, int vocabSize, IEnumerable<(string Name, int? Id)> ids)
    {
        foreach ((string name, int? id) in ids)
        {
            if (id < 0 || id >= vocabSize)
            {
                fields.Add(name, $"a token id in [0, {vocabSize})", $"{id}");
            }
        }
    }
}
