namespace LongWriter.Onnx.Model;

/// <summary>
/// What config.json says of a decoder that is a graph already: how long a text may be and which tokens end it, and sizes for what the graph leaves open.
/// Any architecture will do. Models for more than text keep the decoder's part under text_config.
/// </summary>
/// <param name="MaxPositions">Prompt and reply together.</param>
/// <param name="VocabSize">Null when it is not said, as the two that follow.</param>
/// <param name="KvHeadCount">Heads of keys and values.</param>
/// <param name="HeadDim">Numbers in a key.</param>
/// <param name="EosTokenIds">Tokens that end a text.</param>
internal sealed record OptimumConfig(int MaxPositions, int? VocabSize, int? KvHeadCount, int? HeadDim, IReadOnlyList<int> EosTokenIds)
{
    public const string FileName = "config.json";

    private const string GenerationFileName = "generation_config.json";

    /// <summary>Names of the same number in configurations of several architectures.</summary>
    private static readonly string[] Positions = ["max_position_embeddings", "n_positions", "max_sequence_length", "seq_length", "max_seq_len"];

    /// <exception cref="ModelFormatException">The file is missing or damaged; every problem is named.</exception>
    public static OptimumConfig Load(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new ModelFormatException($"{FileName}: expected in '{folder}' beside the graph, found no such file.");
        }

        OptimumConfig config = Parse(File.ReadAllBytes(path));
        string generationPath = Path.Combine(folder, GenerationFileName);
        return File.Exists(generationPath) ? config.AddEnds(File.ReadAllBytes(generationPath)) : config;
    }

    /// <exception cref="ModelFormatException">As for <see cref="Load"/>.</exception>
    public static OptimumConfig Parse(ReadOnlyMemory<byte> json) => ModelJson.Read(FileName, json, root =>
    {
        var all = new JsonFields(FileName, root);
        JsonFields fields = all.Object("text_config") ?? all;
        string? positions = Array.Find(Positions, fields.Has);
        if (positions is null)
        {
            fields.Add(Positions[0], "a number of 2 or more", "nothing");
        }

        int maxPositions = positions is null ? 2 : fields.Count(positions);
        if (maxPositions < 2)
        {
            fields.Add(positions!, "2 or more", $"{maxPositions}");
        }

        int? heads = Optional(fields, "num_attention_heads") ?? Optional(fields, "n_head");
        int? hiddenSize = Optional(fields, "hidden_size") ?? Optional(fields, "n_embd");
        var config = new OptimumConfig(
            maxPositions,
            Optional(fields, "vocab_size"),
            Optional(fields, "num_key_value_heads") ?? heads,
            Optional(fields, "head_dim") ?? (hiddenSize / heads),
            fields.Has("eos_token_id") ? fields.TokenIds("eos_token_id") : all.TokenIds("eos_token_id"));
        all.ThrowIfAny();
        return config;
    });

    /// <summary>Generation uses the ends that are named there.</summary>
    private OptimumConfig AddEnds(ReadOnlyMemory<byte> json) => ModelJson.Read(GenerationFileName, json, root =>
    {
        var fields = new JsonFields(GenerationFileName, root);
        IReadOnlyList<int> ends = fields.TokenIds("eos_token_id");
        fields.ThrowIfAny();
        return this with { EosTokenIds = [.. ends.Union(EosTokenIds)] };
    });

    private static int? Optional(JsonFields fields, string name) => fields.Has(name) ? fields.Count(name) : null;
}
