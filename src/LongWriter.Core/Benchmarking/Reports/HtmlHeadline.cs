using LongWriter.Benchmarking.Reports.Plots;

namespace LongWriter.Benchmarking.Reports;

/// <summary>The band of headline numbers, one card for each subject, which is also the key to colours and shapes.</summary>
internal static class HtmlHeadline
{
    public static void Write(Markup markup, BenchmarkReport report)
    {
        if (report.Subjects.Count == 0)
        {
            return;
        }

        markup.Open("section", ("class", "band"), ("aria-label", "Headline numbers")).Line();
        for (int index = 0; index < report.Subjects.Count; index++)
        {
            WriteCard(markup, report, report.Subjects[index], new PlotSeries(report.Subjects[index].Label, index));
        }

        markup.Close().Line();
    }

    private static void WriteCard(Markup markup, BenchmarkReport report, SubjectReport subject, PlotSeries series)
    {
        markup.Open("div", ("class", "card")).Open("h2").Open("svg", ("viewBox", "0 0 14 14"), ("width", "14"), ("height", "14"), ("aria-hidden", "true"));
        PlotMark.Draw(markup, series, 7, 7, 5);
        markup.Close().Text(" " + subject.Label).Close();
        markup.Open("dl");
        WriteFigure(markup, report.LengthScorer, ReportNumbers.Score(subject.Length), large: true);
        WriteFigure(markup, "S_q", subject.Quality is null ? "not judged" : ReportNumbers.Score(subject.Quality.Score), large: subject.Quality?.Score is not null);
        WriteFigure(markup, "Mean length", ReportNumbers.Count(subject.MeanProduced));
        WriteFigure(markup, "Texts", ReportNumbers.Count(subject.Texts));
        WriteFigure(markup, "Failed", ReportNumbers.Count(subject.Failed));
        WriteFigure(markup, "Time", ReportNumbers.Duration(subject.Seconds));
        markup.Close().Close().Line();
    }

    private static void WriteFigure(Markup markup, string name, string value, bool large = false) =>
        markup.Open("div", ("class", large ? "figure large" : "figure")).Element("dt", name).Element("dd", value).Close();
}
