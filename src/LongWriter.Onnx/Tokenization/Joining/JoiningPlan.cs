namespace LongWriter.Onnx.Tokenization.Joining;

/// <summary>How the texts of tokens become one text: the "decoder" of the file, brought into a fixed order.</summary>
/// <param name="Steps">What is done to each token, in order.</param>
/// <param name="FallsBackToBytes">True when tokens such as <c>&lt;0xE4&gt;</c> are bytes of characters.</param>
/// <param name="LaterSteps">What is done, after bytes became characters, to each token and each run of bytes.</param>
/// <param name="IsByteLevel">True when what is left is written in the byte alphabet.</param>
/// <param name="LeadingStrip">What the joined text loses at its beginning, or null.</param>
internal sealed record JoiningPlan(
    IReadOnlyList<PieceStep> Steps,
    bool FallsBackToBytes,
    IReadOnlyList<PieceStep> LaterSteps,
    bool IsByteLevel,
    LeadingStrip? LeadingStrip)
{
    /// <summary>True when the first token may give another text than it would give later.</summary>
    public bool TreatsFirstApart => Steps.Concat(LaterSteps).Any(step => step is MetaspaceStep { DropsFirst: true });

    /// <summary>True when tokens simply follow one another as bytes.</summary>
    public bool IsPlain => !FallsBackToBytes && !TreatsFirstApart;
}

/// <summary>A text that is taken off the beginning up to <paramref name="Count"/> times.</summary>
internal sealed record LeadingStrip(string Text, int Count);
