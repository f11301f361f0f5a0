namespace LongWriter.Benchmarking.Reports.Plots;

/// <summary>The plots of a report, each with a sentence on how to read it; one without data is left out.</summary>
internal static class ReportPlots
{
    public static void Write(Markup markup, BenchmarkReport report)
    {
        PlotSeries[] series = [.. report.Subjects.Select((subject, index) => new PlotSeries(subject.Label, index))];
        if (report.Subjects.All(subject => subject.Texts == 0))
        {
            return;
        }

        markup.Open("section", ("class", "plots"), ("aria-label", "Plots")).Line();
        Figure(markup, LengthPlot.Name, LengthPlot.CaptionOf(report), "texts", () => LengthPlot.Draw(markup, report, series));
        Figure(markup, BinPlot.NameOf(report), BinPlot.Caption, "bins", () => BinPlot.Draw(markup, report, series));
        if (report.Subjects.Any(subject => subject.Quality?.Sq is not null))
        {
            Figure(markup, QualityPlot.Name, QualityPlot.CaptionOf(report), "quality", () => QualityPlot.Draw(markup, report, series));
        }

        if (report.Subjects.Any(subject => subject.Sections is not null))
        {
            Figure(markup, SectionPlot.Name, SectionPlot.CaptionOf(report), "sections", () => SectionPlot.Draw(markup, report, series));
        }

        if (report.Subjects.Any(subject => subject.Spread.Count > 0))
        {
            Figure(markup, SpreadPlot.Name, SpreadPlot.Caption, "spread", () => SpreadPlot.Draw(markup, report, series));
        }

        if (report.Subjects.Any(subject => subject.Nll is not null))
        {
            Figure(markup, NllPlot.Name, NllPlot.CaptionOf(report), "nll", () => NllPlot.Draw(markup, report, series));
        }

        markup.Close().Line();
    }

    private static void Figure(Markup markup, PlotName name, string caption, string table, Action draw)
    {
        markup.Open("figure").Element("h2", name.Title).Line();
        draw();
        markup.Open("figcaption").Text(caption + " ").Element("a", "Its numbers", ("href", "#" + HtmlTable.Anchor(table))).Text(".").Close().Close().Line();
    }
}
