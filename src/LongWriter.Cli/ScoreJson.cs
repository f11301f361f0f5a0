using System.Text.Json;
using System.Text.Json.Serialization;
using LongWriter.Scoring;

namespace LongWriter.Cli;

/// <summary>A length score as JSON.</summary>
/// <param name="Score">0 to 100.</param>
/// <param name="Required">The required length; of a range the lower edge.</param>
/// <param name="Max">The upper edge of a range; left out otherwise.</param>
/// <param name="Produced">Words that the text has.</param>
/// <param name="Scorer">Name of the formula.</param>
/// <param name="Kind">How the length is meant.</param>
/// <param name="Counter">What counted.</param>
internal sealed record LengthScoreLine(double Score, int Required, int? Max, int Produced, string Scorer, string Kind, string Counter);

/// <summary>A judgement as JSON.</summary>
/// <param name="Score">S_q, 0 to 100; left out without marks.</param>
/// <param name="Spread">Standard deviation of S_q over the samples; left out with fewer than two that have marks.</param>
/// <param name="Dimensions">Mean marks, 1 to 5; left out without marks.</param>
/// <param name="Marked">Samples that have marks.</param>
/// <param name="Samples">The samples.</param>
/// <param name="Model">Name of the judge; left out where it does not say.</param>
/// <param name="PromptVersion">Version of its prompt.</param>
/// <param name="Temperature">Its temperature.</param>
/// <param name="Failure">Why there are no marks; left out where there are.</param>
internal sealed record QualityScoreLine(
    double? Score,
    double? Spread,
    IReadOnlyDictionary<string, double>? Dimensions,
    int Marked,
    IReadOnlyList<QualitySampleLine> Samples,
    string? Model,
    string PromptVersion,
    float Temperature,
    string? Failure)
{
    public static QualityScoreLine Of(QualityJudgement judgement)
    {
        QualityScores scores = QualityAggregate.Compute([judgement]);
        Dictionary<string, double>? means = judgement.Failure is null
            ? Enum.GetValues<QualityDimension>().ToDictionary(dimension => JsonNamingPolicy.CamelCase.ConvertName(dimension.ToString()), dimension => judgement.Mean(dimension)!.Value)
            : null;
        return new QualityScoreLine(
            scores.Sq,
            scores.SampleSpread,
            means,
            judgement.Samples.Count(sample => sample.Marks is not null),
            [.. judgement.Samples.Select(sample => new QualitySampleLine(sample.Marks, sample.Analysis, sample.Failure, sample.Seed))],
            judgement.Model,
            judgement.PromptVersion,
            judgement.Temperature,
            judgement.Failure);
    }
}

/// <summary>A sample of the judge as JSON.</summary>
internal sealed record QualitySampleLine(QualityMarks? Marks, string? Analysis, string? Failure, long? Seed);

[JsonSerializable(typeof(LengthScoreLine))]
[JsonSerializable(typeof(QualityScoreLine))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class ScoreJson : JsonSerializerContext;
