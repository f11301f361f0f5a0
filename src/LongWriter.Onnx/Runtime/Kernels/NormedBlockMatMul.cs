namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>
/// Adds a branch to a stream, both (..., inputs), normalizes the sum by its root mean square, and multiplies as <see cref="BlockMatMul"/> does. Inputs: stream, branch, the norm's weights (inputs),
/// the matrix. Outputs: the product (..., outputs) and the sum (..., inputs). Attributes: K, N, bits, block_size, epsilon. What would be three nodes is one, as between them a step of one token has
/// hardly anything to compute.
/// </summary>
internal sealed class NormedBlockMatMul : CustomOperator
{
    public const string OperatorName = "NormedBlockMatMul";

    public override string Name => OperatorName;

    public override IReadOnlyList<TensorElementType> Inputs { get; } = [TensorElementType.Float, TensorElementType.Float, TensorElementType.Float, TensorElementType.UInt8];

    public override IReadOnlyList<TensorElementType> Outputs { get; } = [TensorElementType.Float, TensorElementType.Float];

    public override IOperatorKernel CreateKernel(OperatorAttributes attributes) =>
        new BlockMatMulKernel(BlockLayout.From(attributes), BlockInput.Normed, attributes.RequireFloat("epsilon"));
}
