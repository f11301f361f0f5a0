namespace LongWriter.Onnx.Model;

/// <summary>What genai_config.json says of a single decoder: the description that onnxruntime-genai's builder writes beside its graph.</summary>
internal sealed record GenAiModelConfig
{
    public const string FileName = "genai_config.json";

    /// <summary>File of the graph in the same folder.</summary>
    public required string Model { get; init; }

    public required int LayerCount { get; init; }

    public required int KvHeadCount { get; init; }

    public required int HeadDim { get; init; }

    /// <summary>model.context_length.</summary>
    public required int MaxPositions { get; init; }

    public required int VocabSize { get; init; }

    public required IReadOnlyList<int> EosTokenIds { get; init; }

    /// <summary>Names in the graph; <see cref="GraphSignature.PositionIds"/> is there whether or not the graph has it.</summary>
    public required GraphSignature Signature { get; init; }
}
