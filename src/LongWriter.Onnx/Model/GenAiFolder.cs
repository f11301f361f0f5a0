using LongWriter.Onnx.Runtime;
using static System.FormattableString;

namespace LongWriter.Onnx.Model;

/// <summary>
/// A folder of onnxruntime-genai's builder as a manifest. The graph decides what it takes and gives; genai_config.json must agree. Keys and values stay in
/// one buffer that is past and present, which GroupQueryAttention allows and other attention operators do not.
/// </summary>
internal static class GenAiFolder
{
    /// <summary>The operator whose keys and values may be one buffer, past and present at once.</summary>
    internal const string Attention = "GroupQueryAttention";

    /// <param name="folder">Where genai_config.json is.</param>
    /// <param name="load">Loads the graph's file, when all files are known to be there.</param>
    /// <exception cref="ModelFormatException">A file is missing or contradicts another one.</exception>
    public static (ModelManifest Manifest, OrtSession Session) Load(string folder, Func<string, OrtSession> load)
    {
        GenAiModelConfig config = GenAiConfigReader.Load(folder);
        string graphPath = Path.Combine(folder, config.Model);
        GraphFile graph = GraphFile.Read(graphPath);
        IReadOnlyList<string> files = graph.RequireFiles(folder, config.Model);
        CheckAttention(config, graph);
        string hash = FileHash.Compute(files, CancellationToken.None);
        OrtSession session = load(graphPath);
        try
        {
            return (ToManifest(config, hash, session), session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static void CheckAttention(GenAiModelConfig config, GraphFile graph)
    {
        string past = OfLayer(config.Signature.PastKey, 0);
        if (graph.Consumers.TryGetValue(past, out IReadOnlySet<string>? operations) && operations.FirstOrDefault(operation => operation != Attention) is { } other)
        {
            throw new ModelFormatException($"{config.Model}: '{past}': expected to go into {Attention}, as keys and values are kept in one buffer, found {other}.");
        }
    }

    private static ModelManifest ToManifest(GenAiModelConfig config, string hash, OrtSession session)
    {
        int layers = 0;
        while (Has(OfLayer(config.Signature.PastKey, layers)))
        {
            layers++;
        }

        if (layers != config.LayerCount)
        {
            string name = config.Signature.PastKey.Replace("{0}", "%d", StringComparison.Ordinal);
            throw new ModelFormatException($"{config.Model}: '{name}': expected {config.LayerCount} layers by {GenAiModelConfig.FileName}, found {layers}.");
        }

        // Which of the two is not written anywhere but in the graph; what it is besides, DecoderModel refuses.
        string past = OfLayer(config.Signature.PastKey, 0);
        string type = session.Inputs.First(input => input.Name == past).ElementType switch { TensorElementType.Float16 => "float16", TensorElementType.BFloat16 => "bfloat16", _ => "float32" };
        return new ModelManifest
        {
            Version = ModelManifest.CurrentVersion,
            Model = config.Model,
            Profile = ModelManifest.Unknown,
            Precision = ModelManifest.Unknown,
            EmbeddingPrecision = ModelManifest.Unknown,
            Kv = new KvLayout { LayerCount = layers, HeadCount = config.KvHeadCount, HeadDim = config.HeadDim, ElementType = type },
            Signature = config.Signature with { PositionIds = Has(config.Signature.PositionIds!) ? config.Signature.PositionIds : null },
            MaxPositions = config.MaxPositions,
            VocabSize = config.VocabSize,
            EosTokenIds = config.EosTokenIds,
            SourceSha256 = hash,
        };

        bool Has(string name) => session.Inputs.Any(input => input.Name == name);
    }

    private static string OfLayer(string name, int layer) => name.Replace("{0}", Invariant($"{layer}"), StringComparison.Ordinal);
}
