namespace LongWriter.Onnx.Model;

/// <summary>
/// Reads genai_config.json. Names that it leaves out are onnxruntime-genai's defaults, which its builder uses.
/// Source: src/python/py/models/builder.py and src/config.h, microsoft/onnxruntime-genai.
/// </summary>
internal static class GenAiConfigReader
{
    /// <exception cref="ModelFormatException">The file or the graph's file is missing, or it is not a description of one decoder; every problem is named.</exception>
    public static GenAiModelConfig Load(string folder)
    {
        GenAiModelConfig config = Parse(File.ReadAllBytes(Path.Combine(folder, GenAiModelConfig.FileName)));
        return File.Exists(Path.Combine(folder, config.Model))
            ? config
            : throw new ModelFormatException($"{GenAiModelConfig.FileName}: model.decoder.filename: expected a file in '{folder}', found no '{config.Model}'.");
    }

    /// <exception cref="ModelFormatException">As for <see cref="Load"/>.</exception>
    public static GenAiModelConfig Parse(ReadOnlyMemory<byte> json) => ModelJson.Read(GenAiModelConfig.FileName, json, root =>
    {
        var fields = new JsonFields(GenAiModelConfig.FileName, root);
        if (fields.Object("model") is not { } model)
        {
            fields.Add("model", "an object", "none");
            fields.ThrowIfAny();
            throw new InvalidOperationException("A problem was collected above.");
        }

        if (model.Object("decoder") is not { } decoder)
        {
            model.Add("decoder", "an object", "none");
            fields.ThrowIfAny();
            throw new InvalidOperationException("A problem was collected above.");
        }

        GenAiModelConfig config = Read(model, decoder);
        fields.ThrowIfAny();
        return config;
    });

    private static GenAiModelConfig Read(JsonFields model, JsonFields decoder)
    {
        string file = decoder.Text("filename", null);
        if (Path.GetFileName(file) != file)
        {
            decoder.Add("filename", "the name of a file", $"'{file}'");
        }

        int vocabSize = model.Count("vocab_size");
        IReadOnlyList<int> ends = model.TokenIds("eos_token_id");
        foreach (int id in ends.Where(id => (uint)id >= (uint)vocabSize))
        {
            model.Add("eos_token_id", $"ids in [0, {vocabSize - 1}]", $"{id}");
        }

        int positions = model.Count("context_length");
        if (positions < 2)
        {
            model.Add("context_length", "2 or more", $"{positions}");
        }

        return new GenAiModelConfig
        {
            Model = file,
            LayerCount = decoder.Count("num_hidden_layers"),
            KvHeadCount = decoder.Count("num_key_value_heads"),
            HeadDim = decoder.Count("head_size"),
            MaxPositions = positions,
            VocabSize = vocabSize,
            EosTokenIds = ends,
            Signature = ReadSignature(decoder.Object("inputs"), decoder.Object("outputs")),
        };
    }

    private static GraphSignature ReadSignature(JsonFields? inputs, JsonFields? outputs)
    {
        GraphSignature absent = GraphSignature.GenAi;
        return absent with
        {
            InputIds = Name(inputs, "input_ids", absent.InputIds),
            AttentionMask = Name(inputs, "attention_mask", absent.AttentionMask!),
            PositionIds = Name(inputs, "position_ids", "position_ids"),
            Logits = Name(outputs, "logits", absent.Logits),
            PastKey = Pattern(inputs, "past_key_names", absent.PastKey),
            PastValue = Pattern(inputs, "past_value_names", absent.PastValue),
            PresentKey = Pattern(outputs, "present_key_names", absent.PresentKey),
            PresentValue = Pattern(outputs, "present_value_names", absent.PresentValue),
        };
    }

    private static string Name(JsonFields? fields, string name, string absent) => fields?.Text(name, absent) ?? absent;

    /// <summary>The layer's place is %d there and {0} here.</summary>
    private static string Pattern(JsonFields? fields, string name, string absent)
    {
        string pattern = fields?.Text(name, absent) ?? absent;
        if (pattern == absent)
        {
            return absent;
        }

        if (pattern.Split("%d").Length != 2)
        {
            fields!.Add(name, "a name with one %d for the layer", $"'{pattern}'");
        }

        return pattern.Replace("%d", "{0}", StringComparison.Ordinal);
    }
}
