using LongWriter.Benchmarking.Reports.Plots;

namespace LongWriter.Benchmarking.Reports;

/// <summary>report.html: headline, notes, plots, tables, every text. One page, no script, nothing from elsewhere.</summary>
internal static class HtmlReport
{
    public static string Write(BenchmarkReport report)
    {
        Markup markup = new();
        // Upper case, as XML has it, so that the page is both.
        markup.Raw("<!DOCTYPE html>\n").Open("html", ("lang", "en")).Open("head");
        markup.Empty("meta", ("charset", "utf-8")).Empty("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        markup.Element("title", report.Title).Open("style").Raw(HtmlStyle.Css).Close().Close().Line().Open("body").Line();
        WriteHeader(markup, report);
        HtmlHeadline.Write(markup, report);
        WriteNotes(markup, report);
        ReportPlots.Write(markup, report);
        foreach (ReportTable table in ReportTables.Of(report))
        {
            HtmlTable.Write(markup, table);
        }

        WriteProvenance(markup, report);
        HtmlTable.Write(markup, TextTable.Of(report));
        return markup.Close().Close().Line().ToString();
    }

    private static void WriteHeader(Markup markup, BenchmarkReport report)
    {
        markup.Open("header").Element("h1", report.Title);
        foreach (RunReport run in report.Runs)
        {
            RunManifest manifest = run.Manifest;
            string name = report.Runs.Count > 1 ? $"{run.Name}: " : string.Empty;
            string repeats = manifest.Repeats == 1 ? "written once" : $"written {ReportNumbers.Count(manifest.Repeats)} times";
            markup.Element("p", $"{name}{manifest.Suite}, {ReportNumbers.Count(manifest.Items)} items {repeats}, {ReportNumbers.Time(manifest.Started)}, LongWriter {ShortVersion(manifest.LongWriterVersion)}");
        }

        markup.Close().Line();
    }

    // "0.1.0+" and the first digits of the commit; the whole of it is in the table of the runs.
    private static string ShortVersion(string version) => version.IndexOf('+', StringComparison.Ordinal) is var plus and >= 0 && version.Length > plus + 8 ? version[..(plus + 8)] : version;

    private static void WriteNotes(Markup markup, BenchmarkReport report)
    {
        markup.Open("section", ("class", "notes"), ("aria-label", "Notes"));
        if (report.Notes.Count > 0)
        {
            markup.Open("ul");
            foreach (string note in report.Notes)
            {
                markup.Element("li", note);
            }

            markup.Close();
        }

        markup.Element("p", ReportWording.Measure(report)).Close().Line();
    }

    private static void WriteProvenance(Markup markup, BenchmarkReport report)
    {
        foreach (ReportTable table in ProvenanceTables.Of(report))
        {
            HtmlTable.Write(markup, table);
        }

        foreach (RunReport run in report.Runs.Where(run => run.Manifest.Command is not null))
        {
            markup.Open("section").Element("h2", $"The command of {run.Name}").Open("pre").Element("code", run.Manifest.Command!).Close().Close().Line();
        }
    }
}
