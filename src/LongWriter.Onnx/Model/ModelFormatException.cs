namespace LongWriter.Onnx.Model;

/// <summary>A model's file cannot be read, or contradicts another one or itself.</summary>
/// <param name="message">File, place in it, what was expected and what was found.</param>
/// <param name="inner">The cause, or null.</param>
public sealed class ModelFormatException(string message, Exception? inner = null) : FormatException(message, inner);
