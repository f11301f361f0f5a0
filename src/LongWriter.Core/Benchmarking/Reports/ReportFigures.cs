namespace LongWriter.Benchmarking.Reports;

/// <summary>A mean over items; an item that was written more than once counts once, with the mean of its texts.</summary>
/// <param name="Mean">The mean, 0 to 100.</param>
/// <param name="StandardError">Standard deviation over items, by n - 1, over the square root of n; null for a single item.</param>
/// <param name="Items">Number of items, 1 or more.</param>
public sealed record MeanScore(double Mean, double? StandardError, int Items);

/// <summary>Length scores of a group of items.</summary>
/// <param name="Name">Such as "500–1,999", "News Report" or "en".</param>
/// <param name="Texts">Texts in the group; 0 or more.</param>
/// <param name="Failed">Texts with a failure.</param>
/// <param name="Length">Score over its items; null without texts.</param>
/// <param name="MeanProduced">Mean produced length, words or 字; null without texts.</param>
public sealed record GroupScore(string Name, int Texts, int Failed, MeanScore? Length, double? MeanProduced);

/// <summary>Produced lengths at one required length.</summary>
/// <param name="Required">Required length, words or 字.</param>
/// <param name="Texts">Number of texts.</param>
/// <param name="MeanProduced">Mean produced length.</param>
/// <param name="Longest">Longest produced length.</param>
public sealed record ProducedAtLength(int Required, int Texts, double MeanProduced, int Longest);

/// <summary>Spread of the lengths of an item over its repeats, words or 字.</summary>
/// <param name="Id">Id of the item.</param>
/// <param name="Required">Required length.</param>
/// <param name="Texts">Number of texts, 2 or more.</param>
/// <param name="Mean">Mean.</param>
/// <param name="StandardDeviation">Standard deviation, by n - 1.</param>
/// <param name="Minimum">Shortest.</param>
/// <param name="Maximum">Longest.</param>
public sealed record RepeatSpread(string Id, int Required, int Texts, double Mean, double StandardDeviation, int Minimum, int Maximum);

/// <summary>Texts that ended for one cause.</summary>
/// <param name="End">The cause.</param>
/// <param name="Texts">Number of texts.</param>
/// <param name="Failed">Of those, texts with a failure.</param>
public sealed record EndCount(EndCause End, int Texts, int Failed);

/// <summary>Texts with a problem; a text may have several.</summary>
/// <param name="Problem">The problem.</param>
/// <param name="Texts">Number of texts, 1 or more.</param>
public sealed record ProblemCount(TextProblem Problem, int Texts);

/// <summary>Mean of a share that says something about texts, 0 to 1.</summary>
/// <param name="Name">What it is a share of, such as "Repeated 4-grams".</param>
/// <param name="Texts">Texts for which it is known, 1 or more.</param>
/// <param name="Mean">Mean over them.</param>
public sealed record DiagnosticMean(string Name, int Texts, double Mean);

/// <summary>How sections met their budgets; sections with a budget of 0 are left out.</summary>
/// <param name="Sections">Number of sections, 1 or more.</param>
/// <param name="MedianRatio">Median of written over asked.</param>
/// <param name="MeanDeviation">Mean of |written - asked| over asked.</param>
public sealed record SectionFit(int Sections, double MedianRatio, double MeanDeviation);

/// <summary>Negative log-likelihood at the ends of the texts.</summary>
/// <param name="Texts">Texts with a curve, 1 or more.</param>
/// <param name="MeanTokens">Mean number of tokens read.</param>
/// <param name="MeanNll">Mean over texts of the cumulative mean at the last point, nats per token.</param>
public sealed record NllFigures(int Texts, double MeanTokens, double MeanNll);
