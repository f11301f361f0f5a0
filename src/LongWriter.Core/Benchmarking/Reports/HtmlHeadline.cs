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
        WriteScore(markup, report.LengthScorer, subject.Length?.Mean, subject.Length?.StandardError);
        if (subject.Quality is null)
        {
            WriteFigure(markup, "S_q", "not judged");
        }
        else if (subject.Quality.Sq is null)
        {
            WriteFigure(markup, "S_q", "no score");
        }
        else
        {
            WriteScore(markup, "S_q", subject.Quality.Sq, subject.Quality.StandardError);
        }

        WriteFigure(markup, "Mean length", ReportNumbers.Count(subject.MeanProduced));
        WriteFigure(markup, "Texts", ReportNumbers.Count(subject.Texts));
        WriteFigure(markup, "Failed", ReportNumbers.Count(subject.Failed));
        WriteFigure(markup, "Time", ReportNumbers.Duration(subject.Seconds));
        markup.Close().Close().Line();
    }

    private static void WriteScore(Markup markup, string name, double? score, double? error)
    {
        markup.Open("div", ("class", "figure large")).Element("dt", name).Open("dd").Text(ReportNumbers.Score(score));
        if (error is not null)
        {
            markup.Text(" ").Element("small", $"± {ReportNumbers.Score(error)}");
        }

        markup.Close().Close();
    }

    private static void WriteFigure(Markup markup, string name, string value) =>
        markup.Open("div", ("class", "figure")).Element("dt", name).Element("dd", value).Close();
}
