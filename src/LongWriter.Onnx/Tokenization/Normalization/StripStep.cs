namespace LongWriter.Onnx.Tokenization.Normalization;

/// <summary>Takes whitespace off the ends.</summary>
internal sealed class StripStep(bool left, bool right) : NormalizationStep
{
    public override ReadOnlySpan<char> Apply(ReadOnlySpan<char> text, scoped ref TextStart start)
    {
        ReadOnlySpan<char> stripped = left ? text.TrimStart() : text;
        if (stripped.Length < text.Length)
        {
            LoseBeginning(ref start);
        }

        return right ? stripped.TrimEnd() : stripped;
    }
}
