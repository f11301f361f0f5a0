namespace LongWriter.Benchmarking.Reports;

/// <summary>What is wrong with a text, from bad to less bad.</summary>
public enum TextProblem
{
    /// <summary>It has a failure.</summary>
    Failed,

    /// <summary>It is in another language than the prompt; the prompt may have asked for it.</summary>
    OtherLanguage,

    /// <summary>It was cut, by its end cause or in the middle of a sentence.</summary>
    CutOff,

    /// <summary>It has less than 0.8 of the required length.</summary>
    TooShort,

    /// <summary>It has more than 1.25 times the required length.</summary>
    TooLong,

    /// <summary>At least a tenth of its longer sentences stood there before, word for word.</summary>
    Repetitive,

    /// <summary>A judge gave it a mean mark of 2 or less in a dimension.</summary>
    LowMark,

    /// <summary>A judge was asked and gave no marks.</summary>
    NotJudged,
}

/// <summary>Finds the problems of a text.</summary>
internal static class TextProblems
{
    private const double LeastRatio = 0.8;
    private const double MostRatio = 1.25;
    private const double LeastDuplicateSentences = 0.1;
    private const double MostLowMark = 2;

    /// <param name="text">A text with everything but its problems.</param>
    public static IReadOnlyList<TextProblem> Of(TextReport text)
    {
        var problems = new List<TextProblem>();
        AddIf(text.Failure is not null, TextProblem.Failed);
        AddIf(text.Diagnostics.LanguageMismatch == true, TextProblem.OtherLanguage);
        AddIf(text.Diagnostics.Truncated, TextProblem.CutOff);
        AddIf(text.Ratio < LeastRatio, TextProblem.TooShort);
        AddIf(text.Ratio > MostRatio, TextProblem.TooLong);
        AddIf(text.Diagnostics.DuplicateSentences >= LeastDuplicateSentences, TextProblem.Repetitive);
        AddIf(text.Marks?.Any(mark => mark.Mark <= MostLowMark) == true, TextProblem.LowMark);
        AddIf(text.JudgeFailure is not null, TextProblem.NotJudged);
        return problems;

        void AddIf(bool isSo, TextProblem problem)
        {
            if (isSo)
            {
                problems.Add(problem);
            }
        }
    }
}
