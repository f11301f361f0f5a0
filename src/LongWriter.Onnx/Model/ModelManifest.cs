using System.Text.Json.Serialization;

namespace LongWriter.Onnx.Model;

/// <summary>longwriter.json of an exported folder: what a runner must know of the graph, so that it need not guess from names.</summary>
internal sealed record ModelManifest
{
    public const string FileName = "longwriter.json";

    /// <summary>What is not known of a graph that others made. Never in a file.</summary>
    public const string Unknown = "unknown";

    /// <summary>The same tokens alone, batched, chunked and resumed.</summary>
    public const string Reproducible = "reproducible";

    /// <summary>The same tokens for the same batch shapes.</summary>
    public const string Fast = "fast";

    /// <summary>Raised when a reader of the older form would go wrong.</summary>
    public const int CurrentVersion = 1;

    public required int Version { get; init; }

    /// <summary>File of the graph in the same folder.</summary>
    public required string Model { get; init; }

    /// <summary>File of a graph over the same weights that reads prompts with float32 keys and values; null for none.</summary>
    public string? PrefillModel { get; init; }

    /// <summary><see cref="Reproducible"/>, <see cref="Fast"/>, or <see cref="Unknown"/> for a graph that others made.</summary>
    public required string Profile { get; init; }

    /// <summary>Whether the tokens are the same however steps are cut.</summary>
    [JsonIgnore]
    public bool IsReproducible => Profile == Reproducible;

    /// <summary>Weights of the projections: "float32", "float16", "bfloat16", "int8" or "int4".</summary>
    public required string Precision { get; init; }

    /// <summary>Weights that share a scale; null for float32.</summary>
    public int? BlockSize { get; init; }

    /// <summary>Whether projections and attention are operators of ours, which nothing but this library has.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool OwnOperators { get; init; }

    /// <summary>"float32", "float16" or "bfloat16".</summary>
    public required string EmbeddingPrecision { get; init; }

    public required KvLayout Kv { get; init; }

    public required GraphSignature Signature { get; init; }

    /// <summary>Positions the rotary table covers.</summary>
    public required int MaxPositions { get; init; }

    public required int VocabSize { get; init; }

    /// <summary>True when the graph takes one token at a time. Never in a file.</summary>
    [JsonIgnore]
    public bool OneTokenSteps { get; init; }

    /// <summary>Tokens that end a text.</summary>
    public required IReadOnlyList<int> EosTokenIds { get; init; }

    /// <summary>SHA-256 over config.json and the weights it was made from, in lower-case hexadecimal digits.</summary>
    public required string SourceSha256 { get; init; }
}

/// <summary>Keys and values: per layer two tensors of [rows, heads, positions, head_dim].</summary>
internal sealed record KvLayout
{
    public required int LayerCount { get; init; }

    public required int HeadCount { get; init; }

    public required int HeadDim { get; init; }

    /// <summary>"float32", "float16", "bfloat16" or "int8".</summary>
    public required string ElementType { get; init; }

    /// <summary>
    /// False: one buffer of the whole capacity is bound as past and as present. True: the graph gives a new tensor, the past with the step's tokens behind it,
    /// so positions are as many as there are tokens. Never in a file.
    /// </summary>
    [JsonIgnore]
    public bool Grows { get; init; }

    /// <summary>For int8: the value of one step, per layer. Null otherwise.</summary>
    public IReadOnlyList<float>? KeyScales { get; init; }

    /// <summary>For int8: the value of one step, per layer. Null otherwise.</summary>
    public IReadOnlyList<float>? ValueScales { get; init; }
}

/// <summary>Names of the graph's inputs and outputs; {0} stands for the layer.</summary>
internal sealed record GraphSignature
{
    public static GraphSignature Exported { get; } = new()
    {
        InputIds = "input_ids",
        SequenceLengths = "seqlens_k",
        TotalSequenceLength = "total_sequence_length",
        LogitIndex = "logit_idx",
        Logits = "logits",
        PastKey = "past_key_values.{0}.key",
        PastValue = "past_key_values.{0}.value",
        PresentKey = "present.{0}.key",
        PresentValue = "present.{0}.value",
    };

    /// <summary>What onnxruntime-genai feeds, and its builder writes for GroupQueryAttention.</summary>
    public static GraphSignature GenAi { get; } = Exported with { SequenceLengths = null, TotalSequenceLength = null, LogitIndex = null, AttentionMask = "attention_mask" };

    /// <summary>int64 [batch, sequence].</summary>
    public required string InputIds { get; init; }

    /// <summary>int32 [batch]: each row's length after this step, minus 1. Null with <see cref="AttentionMask"/>.</summary>
    public string? SequenceLengths { get; init; }

    /// <summary>int32 scalar: the longest row's length after this step. Null with <see cref="AttentionMask"/>.</summary>
    public string? TotalSequenceLength { get; init; }

    /// <summary>int64 [rows]: indices into batch * sequence whose logits are wanted. Null with <see cref="AttentionMask"/>.</summary>
    public string? LogitIndex { get; init; }

    /// <summary>int64 [batch, length after this step] of ones, in place of the three above; logits are then those of all positions.</summary>
    public string? AttentionMask { get; init; }

    /// <summary>int64 [batch, sequence]. Null when the graph counts positions itself.</summary>
    public string? PositionIds { get; init; }

    /// <summary>bool [1]: whether there is a past. Such a graph has a branch for either, and the one with a past takes one token. Never in a file.</summary>
    [JsonIgnore]
    public string? UseCacheBranch { get; init; }

    /// <summary>int64, one number: how many of the last positions have logits. Never in a file.</summary>
    [JsonIgnore]
    public string? LogitsToKeep { get; init; }

    /// <summary>float32 [rows, vocab]; with <see cref="AttentionMask"/> float32, float16 or bfloat16 [batch, sequence, vocab].</summary>
    public required string Logits { get; init; }

    public required string PastKey { get; init; }

    public required string PastValue { get; init; }

    public required string PresentKey { get; init; }

    public required string PresentValue { get; init; }
}

/// <summary>JSON of the manifest, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n",
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ModelManifest))]
internal sealed partial class ModelManifestJson : JsonSerializerContext;
