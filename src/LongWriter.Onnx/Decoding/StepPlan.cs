namespace LongWriter.Onnx.Decoding;

/// <summary>What the next step computes: some tokens of one sequence, drafted ones among them, or one token of each of several whose rows are neighbours.</summary>
/// <param name="sequences">Whose tokens they are, by row.</param>
/// <param name="ids">The tokens, sequence after sequence.</param>
/// <param name="pasts">How many tokens each sequence has computed before.</param>
internal readonly ref struct StepPlan(ReadOnlySpan<Sequence> sequences, ReadOnlySpan<int> ids, ReadOnlySpan<int> pasts)
{
    public ReadOnlySpan<Sequence> Sequences { get; } = sequences;

    public ReadOnlySpan<int> Ids { get; } = ids;

    public ReadOnlySpan<int> Pasts { get; } = pasts;

    public int FirstRow => Sequences[0].Slot.Row;

    /// <summary>Tokens of each sequence.</summary>
    public int Tokens => Ids.Length / Sequences.Length;

    public int LogitRows => Sequences.Length > 1 ? Sequences.Length : Sequences[0].LogitRows(Tokens);

    /// <summary>The part of a batch that is one sequence's.</summary>
    public StepPlan Alone(int index) => new(Sequences.Slice(index, 1), Ids.Slice(index, 1), Pasts.Slice(index, 1));
}
