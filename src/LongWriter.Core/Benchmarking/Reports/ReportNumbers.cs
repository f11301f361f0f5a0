using System.Globalization;
using LongWriter.Scoring;

namespace LongWriter.Benchmarking.Reports;

/// <summary>Numbers as people read them, invariant culture; what is unknown, or is not finite, is a dash.</summary>
internal static class ReportNumbers
{
    public const string Unknown = "–";

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Count(double? value) => Format(value, "N0");

    public static string Score(double? value) => Format(value, "0.0");

    public static string Score(MeanScore? score) => score is null
        ? Unknown
        : score.StandardError is { } error ? $"{Score(score.Mean)} ± {Score(error)}" : Score(score.Mean);

    public static string Score(QualityScores? scores) => scores is null
        ? Unknown
        : scores.StandardError is { } error ? $"{Score(scores.Sq)} ± {Score(error)}" : Score(scores.Sq);

    public static string Ratio(double? value) => Format(value, "0.00");

    public static string Fine(double? value) => Format(value, "0.####");

    public static string Percent(double? value) => value is { } known && double.IsFinite(known) ? Format(known * 100, "0.0") + "%" : Unknown;

    public static string Seconds(double? value) => Format(value, "N1");

    /// <summary>As long as it takes to be read at a glance: "42 s", "3 min 20 s", "2 h 5 min".</summary>
    public static string Duration(double? seconds)
    {
        if (seconds is not { } known || !double.IsFinite(known))
        {
            return Unknown;
        }

        long whole = (long)Math.Round(Math.Clamp(known, 0, 1e12));
        return whole switch
        {
            < 60 => $"{Format(known, "0.#")} s",
            < 3600 => $"{Count(whole / 60)} min {Count(whole % 60)} s",
            _ => $"{Count(whole / 3600)} h {Count(whole % 3600 / 60)} min",
        };
    }

    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Format(double? value, string format)
    {
        if (value is not { } known || !double.IsFinite(known))
        {
            return Unknown;
        }

        string text = known.ToString(format, CultureInfo.InvariantCulture);
        return text.StartsWith('-') && text.AsSpan(1).IndexOfAnyExcept("0.,") < 0 ? text[1..] : text;
    }
}
