namespace LongWriter.Onnx.Model;

/// <summary>A tensor in a file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DType">Element type.</param>
/// <param name="Shape">Dimensions; row-major.</param>
/// <param name="OffsetBytes">Where its data begins in the file.</param>
/// <param name="ElementCount">Product of the dimensions.</param>
internal sealed record TensorInfo(string Name, TensorDType DType, IReadOnlyList<long> Shape, long OffsetBytes, long ElementCount)
{
    public string ShapeText => $"[{string.Join(", ", Shape)}]";
}
