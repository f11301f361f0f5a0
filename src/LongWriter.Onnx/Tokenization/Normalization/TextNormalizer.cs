namespace LongWriter.Onnx.Tokenization.Normalization;

/// <summary>The steps that text between added tokens goes through, in order. Safe for concurrent use.</summary>
internal sealed class TextNormalizer(IReadOnlyList<NormalizationStep> steps)
{
    /// <summary>True when a step writes something before the text.</summary>
    public bool Prepends => steps.Any(step => step is PrependStep);

    /// <summary>The normalized text; the same span when nothing changes.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    /// <param name="start">What stands before the text; see <see cref="NormalizationStep.Apply"/>.</param>
    public ReadOnlySpan<char> Apply(ReadOnlySpan<char> text, scoped ref TextStart start)
    {
        foreach (NormalizationStep step in steps)
        {
            text = step.Apply(text, ref start);
        }

        return text;
    }

    /// <summary>The normalized form of an added token, for which normalized text is searched.</summary>
    public string Apply(string text)
    {
        var start = TextStart.Beginning;
        return Apply(text, ref start).ToString();
    }
}

/// <summary>One step of a normalizer. Holds no state: safe for concurrent use.</summary>
internal abstract class NormalizationStep
{
    /// <summary>The text after this step.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    /// <param name="start">
    /// What stands before the text. The beginning of all is lost when the first character that comes out stands further right than
    /// the first that went in; a replaced run stands where its last character stood, as in the reference.
    /// </param>
    public abstract ReadOnlySpan<char> Apply(ReadOnlySpan<char> text, scoped ref TextStart start);

    protected static void LoseBeginning(scoped ref TextStart start)
        => start = start == TextStart.Beginning ? TextStart.Apart : start;
}
