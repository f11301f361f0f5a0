using System.Runtime.Intrinsics;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>
/// Attention of new tokens over int8 keys and values that are kept in one buffer: turns queries and keys by their positions, appends keys and values, and attends, each token to those up to itself.
/// Inputs: packed query, key and value (batch, tokens, (heads + 2 x kv_heads) x dim); past keys and past values (batch, kv_heads, capacity, dim); each row's length after the step minus 1 (batch);
/// the longest length (one number, not looked at); cosines and sines (positions, dim / 2); the steps of int8 keys and values (1). Outputs: (batch, tokens, heads x dim); present keys and values, which must be the buffers of the past.
/// Attributes: num_heads, kv_num_heads, scale of scores. A token's result does not depend on other rows, or on how many tokens a step has.
/// </summary>
internal sealed class CachedAttention : CustomOperator
{
    public const string OperatorName = "CachedAttention";

    /// <summary>Numbers of a head at most.</summary>
    public const int MostHeadDim = 512;

    /// <summary>Heads at most: beyond it is a damaged file.</summary>
    public const int MostHeads = 4096;

    public override string Name => OperatorName;

    public override IReadOnlyList<TensorElementType> Inputs { get; } =
    [
        TensorElementType.Float, TensorElementType.Int8, TensorElementType.Int8, TensorElementType.Int32, TensorElementType.Int32,
        TensorElementType.Float, TensorElementType.Float, TensorElementType.Float, TensorElementType.Float,
    ];

    public override IReadOnlyList<TensorElementType> Outputs { get; } = [TensorElementType.Float, TensorElementType.Int8, TensorElementType.Int8];

    /// <summary>Whether heads of a size can be computed.</summary>
    public static bool Takes(int headDim) => headDim % Vector512<float>.Count == 0 && headDim is > 0 and <= MostHeadDim;

    public override IOperatorKernel CreateKernel(OperatorAttributes attributes)
    {
        int heads = attributes.RequireInt("num_heads", 1, MostHeads);
        int kvHeads = attributes.RequireInt("kv_num_heads", 1, heads);
        return heads % kvHeads == 0
            ? new CachedAttentionKernel(heads, kvHeads, attributes.RequireFloat("scale"))
            : throw new OnnxRuntimeException($"Attribute 'num_heads': expected a multiple of kv_num_heads, {kvHeads}, found {heads}.", OnnxRuntimeErrorCode.InvalidArgument);
    }
}
