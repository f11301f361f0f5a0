namespace LongWriter.Scoring;

/// <summary>Options of <see cref="QualityJudge"/>. Copied when the judge is made; later changes have no effect.</summary>
public sealed record QualityJudgeOptions : JudgeOptions
{
    /// <summary>How often each text is judged. Range [1, 100]; the default is 1, the paper's.</summary>
    public int Samples { get; set; } = 1;

    /// <summary>
    /// Content of a prompt file that replaces the judge's prompt, with the places $INST$ and $RESPONSE$. Null, the default: our own prompt.
    /// </summary>
    public string? PromptFile { get; set; }

    private protected override void FindErrors(List<string> errors)
    {
        base.FindErrors(errors);
        CheckRange(nameof(Samples), Samples, 1, 100, errors);
        if (PromptFile is not null && JudgePrompt.FindError(PromptFile, JudgePrompt.QualityPlaces) is { } error)
        {
            errors.Add($"{nameof(PromptFile)} cannot be used: {error}");
        }
    }
}
