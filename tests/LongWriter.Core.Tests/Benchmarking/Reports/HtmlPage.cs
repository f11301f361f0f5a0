using System.Globalization;
using System.Xml.Linq;
using LongWriter.Benchmarking;
using LongWriter.Benchmarking.Reports;

namespace LongWriter.Core.Tests.Benchmarking.Reports;

/// <summary>A written page, read back as XML, which it is as well.</summary>
internal sealed class HtmlPage
{
    private readonly XElement root;

    private HtmlPage(string text)
    {
        Text = text;
        root = XDocument.Parse(text[text.IndexOf('\n', StringComparison.Ordinal)..]).Root!;
    }

    public string Text { get; }

    public IEnumerable<XElement> Elements => root.DescendantsAndSelf();

    /// <summary>Plots, without the small marks of the headline.</summary>
    public IReadOnlyList<XElement> Plots => [.. Elements.Where(element => element.Name == "svg" && element.Attribute("id") is not null)];

    public static HtmlPage Of(params IReadOnlyList<BenchmarkRun> runs) => new(HtmlReport.Write(BenchmarkReport.From(runs, SyntheticRun.Options)));

    public XElement Plot(string id) => Plots.Single(plot => plot.Attribute("id")!.Value == id);

    public IReadOnlyList<IReadOnlyList<string>> Rows(string table) =>
    [
        .. Elements.Single(element => element.Attribute("id")?.Value == "table-" + table).Descendants("tbody").Single().Elements("tr")
            .Select(row => (IReadOnlyList<string>)[.. row.Elements().Select(cell => cell.Value)]),
    ];

    public static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}
