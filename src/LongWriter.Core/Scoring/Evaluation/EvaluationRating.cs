namespace LongWriter.Scoring.Evaluation;

/// <summary>How good the value of a metric is. Mirrors the type of this name in Microsoft.Extensions.AI.Evaluation.</summary>
public enum EvaluationRating
{
    /// <summary>There is no value.</summary>
    Unknown,

    /// <summary>The value says nothing.</summary>
    Inconclusive,

    /// <summary>Unacceptable.</summary>
    Unacceptable,

    /// <summary>Poor.</summary>
    Poor,

    /// <summary>Average.</summary>
    Average,

    /// <summary>Good.</summary>
    Good,

    /// <summary>Exceptional.</summary>
    Exceptional,
}
