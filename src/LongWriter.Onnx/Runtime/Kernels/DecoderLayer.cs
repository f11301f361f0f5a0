namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>
/// A whole layer of a decoder in the Llama layout: norm, query, key and value, attention over int8 keys and values, projection, sum, norm, gate and up, down, sum. The same numbers, bit by bit, as
/// <see cref="BlockMatMul"/>, <see cref="NormedBlockMatMul"/> and <see cref="CachedAttention"/> one after the other; but threads go from one product to the next without the library in between, and who must wait fetches the weights that come next.
/// Inputs: hidden states (batch, tokens, hidden); past, lengths, rotary tables and steps as <see cref="CacheInputs"/> has them; then 9 the norm before attention (hidden), 10 the matrix of query, key and value, 11 of the projection,
/// 12 the norm before the gate (hidden), 13 the matrix of gates and values, 14 the one down; and where the model has them, 15 biases of query, key and value, 16 biases of the projection (hidden). Outputs: hidden states; present keys and values, which must be the buffers of the past.
/// Attributes: num_heads, kv_num_heads, head_dim, hidden, intermediate (a multiple of 16), bits 4 or 8, block_size, scale of scores, epsilon of norms.
/// </summary>
internal sealed class DecoderLayer : CustomOperator
{
    public const string OperatorName = "DecoderLayer";

    public override string Name => OperatorName;

    public override IReadOnlyList<TensorElementType> Inputs { get; } =
    [
        TensorElementType.Float, TensorElementType.Int8, TensorElementType.Int8, TensorElementType.Int32, TensorElementType.Int32,
        TensorElementType.Float, TensorElementType.Float, TensorElementType.Float, TensorElementType.Float,
        TensorElementType.Float, TensorElementType.UInt8, TensorElementType.UInt8, TensorElementType.Float, TensorElementType.UInt8, TensorElementType.UInt8,
        TensorElementType.Float, TensorElementType.Float,
    ];

    public override int RequiredInputs => DecoderLayerKernel.FirstBias;

    public override IReadOnlyList<TensorElementType> Outputs { get; } = [TensorElementType.Float, TensorElementType.Int8, TensorElementType.Int8];

    public override IOperatorKernel CreateKernel(OperatorAttributes attributes) =>
        new DecoderLayerKernel(LayerShape.From(attributes), attributes.RequireFloat("scale"), attributes.RequireFloat("epsilon"));
}
