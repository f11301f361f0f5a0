using LongWriter.Onnx.Runtime;
using static System.FormattableString;

namespace LongWriter.Onnx.Model;

/// <summary>
/// A folder as Optimum writes it and transformers.js reads it, as a manifest. Nothing there describes the graph, so the graph is asked: names of inputs
/// and outputs are a convention, sizes and types are those it declares, and what its keys and values go into tells whether past and present may be one
/// buffer. config.json fills in what the graph leaves open. Source of the names: optimum/exporters/onnx, huggingface/optimum; src/models.js, huggingface/transformers.js.
/// </summary>
internal static class OptimumFolder
{
    /// <summary>What messages call the names below.</summary>
    public const string DescribedBy = "the signature of Optimum";

    private const string PositionIds = "position_ids";
    private const string UseCacheBranch = "use_cache_branch";
    private const string LogitsToKeep = "num_logits_to_keep";

    /// <param name="folder">Where config.json is.</param>
    /// <param name="modelFile">The graph's path in it; null to choose one.</param>
    /// <param name="load">Loads the graph's file, when all files are known to be there.</param>
    /// <exception cref="ModelFormatException">A file is missing, the graph is no decoder with keys and values, or it contradicts config.json.</exception>
    public static (ModelManifest Manifest, OrtSession Session) Load(string folder, string? modelFile, Func<string, OrtSession> load)
    {
        OptimumConfig config = OptimumConfig.Load(folder);
        string name = OptimumGraphs.Choose(folder, modelFile);
        string graphPath = Path.Combine(folder, name);
        GraphFile graph = GraphFile.Read(graphPath);
        IReadOnlyList<string> files = graph.RequireFiles(Path.GetDirectoryName(graphPath)!, Path.GetFileName(graphPath));
        string hash = FileHash.Compute(files, CancellationToken.None);
        OrtSession session = load(graphPath);
        try
        {
            return (new Reading(name, config, session).ToManifest(graph, hash), session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>One graph that is looked at.</summary>
    private sealed class Reading(string name, OptimumConfig config, OrtSession session)
    {
        public ModelManifest ToManifest(GraphFile graph, string hash)
        {
            GraphSignature signature = ReadSignature();
            int layers = CountLayers(signature);
            OrtValueInfo past = Input(OfLayer(signature.PastKey, 0))!;
            if (past.Dimensions.Count != 4 || past.Dimensions[2].Size is not null)
            {
                throw new ModelFormatException($"{name}: '{past.Name}': expected [batch, heads, any number of positions, head_dim], found '{past}'.");
            }

            int vocabSize = Size(session.Outputs.FirstOrDefault(output => output.Name == signature.Logits), 2, config.VocabSize, "vocab_size");
            foreach (int id in config.EosTokenIds.Where(id => (uint)id >= (uint)vocabSize))
            {
                throw new ModelFormatException($"{OptimumConfig.FileName}, generation_config.json: eos_token_id: expected ids in [0, {vocabSize - 1}], found {id}.");
            }

            return new ModelManifest
            {
                Version = ModelManifest.CurrentVersion,
                Model = name,
                Profile = ModelManifest.Unknown,
                Precision = ModelManifest.Unknown,
                EmbeddingPrecision = ModelManifest.Unknown,
                Kv = new KvLayout
                {
                    LayerCount = layers,
                    HeadCount = Size(past, 1, config.KvHeadCount, "num_key_value_heads"),
                    HeadDim = Size(past, 3, config.HeadDim, "head_dim"),
                    ElementType = TypeName(past),
                    Grows = !MayShareABuffer(graph, signature, layers),
                },
                Signature = signature,
                MaxPositions = config.MaxPositions,
                VocabSize = vocabSize,
                OneTokenSteps = Input(signature.InputIds) is { Dimensions: [_, { Size: 1 }] },
                EosTokenIds = config.EosTokenIds,
                SourceSha256 = hash,
            };
        }

        private GraphSignature ReadSignature()
        {
            GraphSignature names = GraphSignature.GenAi;
            bool longNames = session.Outputs.Any(output => output.Name == "present_key_values.0.key");
            return names with
            {
                PositionIds = Input(PositionIds)?.Name,
                UseCacheBranch = Input(UseCacheBranch)?.Name,
                LogitsToKeep = Input(LogitsToKeep)?.Name,
                PresentKey = longNames ? "present_key_values.{0}.key" : names.PresentKey,
                PresentValue = longNames ? "present_key_values.{0}.value" : names.PresentValue,
            };
        }

        private int CountLayers(GraphSignature signature)
        {
            int layers = 0;
            while (Input(OfLayer(signature.PastKey, layers)) is not null)
            {
                layers++;
            }

            return layers > 0 ? layers : throw new ModelFormatException(
                $"{name}: inputs: expected '{OfLayer(signature.PastKey, 0)}' and the like, without which every token would compute the whole text anew, "
                + $"found {string.Join(", ", session.Inputs.Select(input => $"'{input.Name}'"))}. Export the model with past keys and values.");
        }

        /// <summary>
        /// GroupQueryAttention takes its lengths from the mask. Whatever else looks at the past, if only for its length, would see the whole capacity.
        /// </summary>
        private static bool MayShareABuffer(GraphFile graph, GraphSignature signature, int layers) => Enumerable.Range(0, layers)
            .SelectMany(layer => new[] { OfLayer(signature.PastKey, layer), OfLayer(signature.PastValue, layer) })
            .All(past => graph.Consumers.TryGetValue(past, out IReadOnlySet<string>? operations) && operations.All(operation => operation == GenAiFolder.Attention));

        private int Size(OrtValueInfo? value, int axis, int? inConfig, string configName)
        {
            if (value is not null && axis < value.Dimensions.Count && value.Dimensions[axis].Size is { } size)
            {
                return size is >= 1 and <= JsonFields.LargestCount ? (int)size : throw new ModelFormatException(
                    $"{name}: '{value.Name}': expected dimensions in [1, {JsonFields.LargestCount}], found '{value}'.");
            }

            return inConfig ?? throw new ModelFormatException($"{OptimumConfig.FileName}: {configName}: expected a number of 1 or more, as {name} leaves it open, found nothing.");
        }

        private string TypeName(OrtValueInfo past) => past.ElementType switch
        {
            TensorElementType.Float => "float32",
            TensorElementType.Float16 => "float16",
            TensorElementType.BFloat16 => "bfloat16",
            _ => throw new ModelFormatException($"{name}: '{past.Name}': expected keys and values of type Float, Float16 or BFloat16, found {past.ElementType}."),
        };

        private OrtValueInfo? Input(string input) => session.Inputs.FirstOrDefault(value => value.Name == input);

        private static string OfLayer(string pattern, int layer) => pattern.Replace("{0}", Invariant($"{layer}"), StringComparison.Ordinal);
    }
}
