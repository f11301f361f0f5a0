namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>
/// Activations (..., inputs) times the transpose of a quantized matrix (outputs, inputs): (..., outputs). The activations are quantized on the way, a scale for each block.
/// Attributes: K inputs, N outputs, bits 4 or 8, block_size, gated 0 or 1. Gated, activations are (..., 2 x inputs), gates before values, and what is multiplied is
/// value x gate x sigmoid(gate). The matrix is one list of bytes, as <see cref="BlockLayout"/> has it. A row's result does not depend on the other rows.
/// </summary>
internal sealed class BlockMatMul : CustomOperator
{
    public const string OperatorName = "BlockMatMul";

    public override string Name => OperatorName;

    public override IReadOnlyList<TensorElementType> Inputs { get; } = [TensorElementType.Float, TensorElementType.UInt8];

    public override IReadOnlyList<TensorElementType> Outputs { get; } = [TensorElementType.Float];

    public override IOperatorKernel CreateKernel(OperatorAttributes attributes) =>
        new BlockMatMulKernel(BlockLayout.From(attributes), attributes.RequireInt("gated", 0, 1) == 1 ? BlockInput.Gated : BlockInput.Plain);
}
