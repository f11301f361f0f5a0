namespace LongWriter.Onnx.Runtime;

/// <summary>An input or output of a model.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="ElementType">Undefined when it is not a tensor.</param>
/// <param name="Dimensions">The shape.</param>
internal sealed record OrtValueInfo(string Name, TensorElementType ElementType, IReadOnlyList<OrtDimension> Dimensions)
{
    public override string ToString() => $"{Name}: {ElementType}[{string.Join(", ", Dimensions)}]";
}

/// <summary>One dimension.</summary>
/// <param name="Size">Null when it is decided at run time.</param>
/// <param name="Symbol">Its name when it has one.</param>
internal readonly record struct OrtDimension(long? Size, string? Symbol)
{
    public override string ToString() => Size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? Symbol ?? "?";
}
