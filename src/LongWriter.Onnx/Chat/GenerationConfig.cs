using System.Text.Json;
using LongWriter.Onnx.Model;

namespace LongWriter.Onnx.Chat;

/// <summary>What a model's makers recommend: generation_config.json. Only what the engine can do is read.</summary>
/// <param name="Defaults">Sampling; do_sample false reads as temperature 0.</param>
/// <param name="EosTokenIds">Tokens that end a reply.</param>
internal sealed record GenerationConfig(OnnxRequestOptions Defaults, IReadOnlyList<int> EosTokenIds)
{
    public const string FileName = "generation_config.json";

    /// <summary>Reads the folder's file; nothing when there is none.</summary>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    public static GenerationConfig Load(string folder)
    {
        string path = Path.Combine(folder, FileName);
        return File.Exists(path)
            ? ModelJson.Read(FileName, File.ReadAllBytes(path), Read)
            : new GenerationConfig(new OnnxRequestOptions(), []);
    }

    private static GenerationConfig Read(JsonElement root)
    {
        var fields = new JsonFields(FileName, root);
        bool samples = fields.Flag("do_sample", absent: true);
        var defaults = new OnnxRequestOptions
        {
            Temperature = samples ? Number(root, fields, "temperature") : 0,
            TopK = (int?)Number(root, fields, "top_k"),
            TopP = Number(root, fields, "top_p"),
            MinP = Number(root, fields, "min_p"),
            RepetitionPenalty = Number(root, fields, "repetition_penalty"),
        };
        IReadOnlyList<int> ends = fields.TokenIds("eos_token_id");
        fields.ThrowIfAny();
        return new GenerationConfig(defaults, ends);
    }

    // Zero is legal here (temperature, top_k), so JsonFields.Number, which wants more, will not do.
    private static float? Number(JsonElement root, JsonFields fields, string name)
    {
        if (!root.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float number) && float.IsFinite(number) && number is >= 0 and <= 1_000_000)
        {
            return number;
        }

        fields.Add(name, "a number in [0, 1000000] or null", value.GetRawText());
        return null;
    }
}
