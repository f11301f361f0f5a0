namespace LongWriter.Onnx.Tokenization.Patterns;

/// <summary>A regular expression uses what this matcher does not have. Becomes a <see cref="TokenizerFormatException"/> with its place.</summary>
internal sealed class PatternException(string message) : Exception(message);
