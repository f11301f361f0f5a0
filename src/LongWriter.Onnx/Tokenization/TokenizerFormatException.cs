namespace LongWriter.Onnx.Tokenization;

/// <summary>A tokenizer.json cannot be read, or asks for something this tokenizer does not do.</summary>
/// <param name="message">File, place, what was expected, what was found.</param>
/// <param name="place">Where in the file, such as <c>merges[1041]</c>; empty when it is no JSON at all.</param>
/// <param name="inner">The cause, or null.</param>
public sealed class TokenizerFormatException(string message, string place, Exception? inner = null) : FormatException(message, inner)
{
    /// <summary>Where in the file, such as <c>model.merges[1041]</c>; empty when it is no JSON at all.</summary>
    public string Place { get; } = place;
}
