namespace LongWriter.Onnx.Runtime;

/// <summary>A tensor of a graph whose elements are in a file beside it.</summary>
/// <param name="Name">In the graph.</param>
/// <param name="DataType">TensorProto.DataType of onnx.proto.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="File">Name of the file.</param>
/// <param name="OffsetBytes">Where it begins in the file.</param>
/// <param name="LengthBytes">0 for what is left of the file.</param>
internal sealed record StoredTensor(string Name, int DataType, IReadOnlyList<long> Shape, string File, long OffsetBytes, long LengthBytes);
