using LongWriter.Onnx.Model;

namespace LongWriter.Throughput;

/// <summary>A run of one mode with all that is needed to run it again.</summary>
internal sealed record ModeResult
{
    public string Suite { get; } = "longwriter-throughput";

    public int SuiteVersion { get; } = 1;

    /// <summary>peers, batch, sections, lookup, drafts, load, phases or bandwidth.</summary>
    public required string Mode { get; init; }

    /// <summary>Null for the machine itself.</summary>
    public required string? Model { get; init; }

    public required string? ModelSha256 { get; init; }

    /// <summary>Sizes that a roofline needs, by precision of our export.</summary>
    public required IReadOnlyList<StepBytes> StepBytes { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public required int Rounds { get; init; }

    public required int NewTokens { get; init; }

    public required int Threads { get; init; }

    public required int Seed { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required Machine Machine { get; init; }

    public required Versions Versions { get; init; }

    public required long? PeakMemoryBytes { get; init; }

    public required IReadOnlyList<Measurement> Measurements { get; init; }
}

/// <summary>What one decoding step reads from memory: each weight but the embedding table's unused rows once, and keys and values of each position.</summary>
/// <param name="Engine">Whose form of the weights.</param>
/// <param name="Precision">Of our export.</param>
/// <param name="WeightBytes">As they are in memory.</param>
/// <param name="KvBytesPerPosition">Of one sequence.</param>
internal sealed record StepBytes(string Engine, string Precision, long WeightBytes, long KvBytesPerPosition)
{
    /// <summary>
    /// Of a model of the Llama layout, by its shapes. In GGUF 32 weights share a scale of two bytes. ONNX Runtime packs what MatMulNBits has as it loads it, with a scale and a sum of
    /// four bytes each for a block; memory taken by loading was 4 % below what that gives. Operators of ours have a scale of two bytes.
    /// </summary>
    public static IEnumerable<StepBytes> Of(string modelFolder, IReadOnlyList<ModelManifest> manifests)
    {
        ModelConfig config = ModelConfigReader.Load(modelFolder);
        long layer = ((long)config.HiddenSize * (config.QuerySize + config.QuerySize + (2 * config.KvSize))) + (3L * config.HiddenSize * config.IntermediateSize);
        long weights = (config.LayerCount * layer) + ((long)config.VocabSize * config.HiddenSize);
        long kv = 2L * config.LayerCount * config.KvSize;
        foreach (ModelManifest manifest in manifests)
        {
            int bits = manifest.Precision switch { "int4" => 4, "int8" => 8, _ => 32 };
            long ours = (weights * bits / 8) + (manifest.BlockSize is { } block ? weights / block * (manifest.OwnOperators ? 2 : 8) : 0);
            yield return new StepBytes("LongWriter", manifest.Precision, ours, kv * manifest.Kv.ElementType switch { "int8" => 1, "float16" => 2, _ => 4 });
            if (bits < 32)
            {
                yield return new StepBytes("llama.cpp", manifest.Precision, (weights * bits / 8) + (weights / 32 * 2), kv * 2);
                yield return new StepBytes("transformers.js", manifest.Precision, (weights * bits / 8) + (weights / 32 * 8), kv * 4);
            }
        }
    }
}
