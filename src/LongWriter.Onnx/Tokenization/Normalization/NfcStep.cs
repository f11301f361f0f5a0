namespace LongWriter.Onnx.Tokenization.Normalization;

/// <summary>Canonical composition.</summary>
internal sealed class NfcStep : NormalizationStep
{
    public override ReadOnlySpan<char> Apply(ReadOnlySpan<char> text, scoped ref TextStart start)
        => NfcComposer.IsSurelyComposed(text) ? text : NfcComposer.Compose(text);
}
