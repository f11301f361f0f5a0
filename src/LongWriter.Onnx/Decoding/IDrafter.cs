namespace LongWriter.Onnx.Decoding;

/// <summary>Guesses how a sequence goes on, for less than a step of the model costs. Whether a guess is right only decides how fast the text comes.</summary>
internal interface IDrafter : IDisposable
{
    /// <summary>Another sequence follows, with nothing in common with what was drafted for before.</summary>
    void Restart();

    /// <summary>Reads what it has not read yet, but for what the next draft reads anyway, so that this draft takes as long as others. The default does nothing.</summary>
    /// <param name="known">The whole sequence so far. Since the last <see cref="Restart"/> it has only grown.</param>
    void CatchUp(ReadOnlySpan<int> known)
    {
    }

    /// <summary>Writes what may follow.</summary>
    /// <param name="known">The whole sequence so far. Since the last <see cref="Restart"/> it has only grown.</param>
    /// <param name="draft">For the guess; as many tokens as are wanted at most.</param>
    /// <returns>How many tokens were written; 0 without a guess.</returns>
    int Draft(ReadOnlySpan<int> known, Span<int> draft);
}
