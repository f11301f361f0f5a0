namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>Sizes of a layer.</summary>
/// <param name="Heads">Of queries.</param>
/// <param name="KvHeads">Of keys and values.</param>
/// <param name="HeadDim">Numbers of a head.</param>
/// <param name="Hidden">Numbers of a token between layers.</param>
/// <param name="Intermediate">Gated numbers of a token.</param>
/// <param name="Bits">Of weights, 4 or 8.</param>
/// <param name="BlockSize">Weights with one scale.</param>
internal sealed record LayerShape(int Heads, int KvHeads, int HeadDim, int Hidden, int Intermediate, int Bits, int BlockSize)
{
    /// <summary>Query, key and value.</summary>
    public BlockLayout Qkv { get; } = new(Hidden, (Heads + 2 * KvHeads) * HeadDim, Bits, BlockSize);

    /// <summary>From what was attended to the stream.</summary>
    public BlockLayout Out { get; } = new(Heads * HeadDim, Hidden, Bits, BlockSize);

    /// <summary>Gates, then values.</summary>
    public BlockLayout GateUp { get; } = new(Hidden, 2 * Intermediate, Bits, BlockSize);

    /// <summary>From gated values to the stream.</summary>
    public BlockLayout Down { get; } = new(Intermediate, Hidden, Bits, BlockSize);

    /// <summary>Whether a layer of these sizes can be computed: gates and values must begin with a group each.</summary>
    public static bool Takes(int headDim, int intermediate) => CachedAttention.Takes(headDim) && intermediate % BlockLayout.GroupRows == 0;

    /// <summary>By a node's attributes.</summary>
    /// <exception cref="OnnxRuntimeException">One is missing or out of range.</exception>
    public static LayerShape From(OperatorAttributes attributes)
    {
        (int bits, int blockSize) = BlockLayout.ReadQuantization(attributes);
        int heads = attributes.RequireInt("num_heads", 1, CachedAttention.MostHeads);
        int kvHeads = attributes.RequireInt("kv_num_heads", 1, heads);
        int headDim = attributes.RequireInt("head_dim", 1, CachedAttention.MostHeadDim);
        int intermediate = attributes.RequireInt("intermediate", 1, BlockLayout.MostInputs);
        return heads % kvHeads == 0 && Takes(headDim, intermediate)
            ? new LayerShape(heads, kvHeads, headDim, attributes.RequireInt("hidden", 1, BlockLayout.MostInputs), intermediate, bits, blockSize)
            : throw new OnnxRuntimeException(
                $"Expected num_heads a multiple of kv_num_heads, and head_dim and intermediate multiples of 16, found {heads}, {kvHeads}, {headDim} and {intermediate}.", OnnxRuntimeErrorCode.InvalidArgument);
    }
}
