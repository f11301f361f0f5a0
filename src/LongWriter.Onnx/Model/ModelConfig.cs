namespace LongWriter.Onnx.Model;

/// <summary>Shape and numbers of a decoder in the Llama layout. Read by <see cref="ModelConfigReader"/>, which guarantees that they agree.</summary>
internal sealed record ModelConfig
{
    /// <summary>"llama" or "qwen2".</summary>
    public required string ModelType { get; init; }

    public required int HiddenSize { get; init; }

    /// <summary>Width of the feed-forward part.</summary>
    public required int IntermediateSize { get; init; }

    public required int LayerCount { get; init; }

    /// <summary>Query heads; a multiple of <see cref="KvHeadCount"/>.</summary>
    public required int HeadCount { get; init; }

    public required int KvHeadCount { get; init; }

    /// <summary>Elements of one head; even.</summary>
    public required int HeadDim { get; init; }

    public required int VocabSize { get; init; }

    /// <summary>Positions the model may be given: max_position_embeddings.</summary>
    public required int MaxPositions { get; init; }

    public required double RopeTheta { get; init; }

    /// <summary>Null for plain rotary positions.</summary>
    public RopeScaling? RopeScaling { get; init; }

    public required float RmsNormEpsilon { get; init; }

    /// <summary>True when q, k and v projections have biases.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>True when o projections have biases.</summary>
    public bool AttentionOutputBias { get; init; }

    /// <summary>True when gate, up and down projections have biases.</summary>
    public bool MlpBias { get; init; }

    /// <summary>True when the output projection is the embedding table.</summary>
    public bool TieWordEmbeddings { get; init; }

    /// <summary>Null when the model has none.</summary>
    public int? BosTokenId { get; init; }

    /// <summary>Tokens that end a text; may be empty.</summary>
    public IReadOnlyList<int> EosTokenIds { get; init; } = [];

    /// <summary>Null when the model has none.</summary>
    public int? PadTokenId { get; init; }

    public int QuerySize => HeadCount * HeadDim;

    public int KvSize => KvHeadCount * HeadDim;
}
