namespace LongWriter.Onnx.Tokenization.Normalization;

/// <summary>Writes a fixed text before any text that is not empty and does not go on from another.</summary>
internal sealed class PrependStep(string prefix) : NormalizationStep
{
    public override ReadOnlySpan<char> Apply(ReadOnlySpan<char> text, scoped ref TextStart start)
        => text.IsEmpty || start == TextStart.Within ? text : string.Concat(prefix, text);
}
