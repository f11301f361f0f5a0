using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using LongWriter.Benchmarking;

namespace LongWriter.Core.Tests.Benchmarking.Reports;

public sealed class HtmlReportTests
{
    private static readonly HtmlPage Full = HtmlPage.Of(SyntheticRun.Create());

    [Fact]
    public void Write_FullRun_HasAllPlotsNamedForScreenReaders()
    {
        Assert.Equal(["plot-lengths", "plot-bins", "plot-quality", "plot-sections", "plot-spread", "plot-nll"], Full.Plots.Select(plot => plot.Attribute("id")!.Value));
        Assert.All(Full.Plots, plot =>
        {
            string id = plot.Attribute("id")!.Value;
            Assert.Equal("img", plot.Attribute("role")!.Value);
            Assert.Equal($"{id}-title {id}-desc", plot.Attribute("aria-labelledby")!.Value);
            Assert.NotEmpty(plot.Elements("title").Single(title => title.Attribute("id")!.Value == $"{id}-title").Value);
            Assert.NotEmpty(plot.Elements("desc").Single(description => description.Attribute("id")!.Value == $"{id}-desc").Value);
        });
    }

    [Fact]
    public void Write_FullRun_HasARowForEveryText()
    {
        IReadOnlyList<IReadOnlyList<string>> rows = Full.Rows("texts");
        Assert.Equal(720, rows.Count);
        Assert.Equal(SyntheticRun.Create().Results.Select(result => (result.Subject, result.Id, result.Repeat)), rows.Select(row => (row[0], row[1], int.Parse(row[2], CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void Write_FullRun_HasAMarkForEveryText()
    {
        string[] tips = [.. Full.Plot("plot-lengths").Descendants("title").Select(title => title.Value)];
        Assert.Equal(720, tips.Count(tip => tip.Contains(", required ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Write_FullRun_UsesThePapersAxesOrWiderOnes()
    {
        string[] ticks = [.. Full.Plot("plot-lengths").Elements("text").Where(text => text.Attribute("text-anchor")?.Value == "middle").Select(text => text.Value)];
        Assert.Equal(["50", "100", "200", "500", "1k", "2k", "5k", "10k", "20k"], ticks);
    }

    [Fact]
    public void Write_AnyRun_LoadsNothingAndRunsNothing()
    {
        Assert.DoesNotContain(Full.Elements, element => element.Name.LocalName is "script" or "link" or "img" or "iframe" or "object" or "embed" or "base");
        Assert.DoesNotContain(Full.Elements.Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase) || attribute.Name.LocalName is "src" or "style");
        Assert.All(Full.Elements.Attributes("href"), link => Assert.StartsWith("#table-", link.Value, StringComparison.Ordinal));
        Assert.DoesNotMatch(new Regex("url\\(|@import", RegexOptions.IgnoreCase), Full.Elements.Single(element => element.Name == "style").Value);
    }

    [Fact]
    public void Write_AnyRun_LinksToTablesThatExist()
    {
        HashSet<string> ids = [.. Full.Elements.Attributes("id").Select(id => "#" + id.Value)];
        Assert.Equal(ids.Count, Full.Elements.Attributes("id").Count());
        Assert.All(Full.Elements.Attributes("href"), link => Assert.Contains(link.Value, ids));
    }

    [Fact]
    public void Write_HostileTexts_ShowsThemAndNothingElse()
    {
        const string Hostile = "</script><b onclick=\"x()\">& ]]> --> </title></svg>\u0000\uD800\u001B'";
        BenchmarkRun run = SyntheticRun.Small(SyntheticRun.Plain(Hostile, 100, 90, failure: Hostile) with
        {
            Prompt = Hostile, Type = Hostile, Subject = Hostile, Sections = [new(50, 45)], Nll = [new(1, 2)], Judgement = SyntheticRun.Judgement([5, 4, 3, 2, 1, 5]),
        });
        HtmlPage page = HtmlPage.Of(run with { Manifest = run.Manifest with { Command = Hostile, Suite = Hostile, Judge = Hostile } });

        Assert.DoesNotContain(page.Elements, element => element.Name == "b" || element.Name == "script");
        Assert.DoesNotContain(page.Elements.Attributes(), attribute => attribute.Name == "onclick");
        Assert.Equal("</script><b onclick=\"x()\">& ]]> --> </title></svg> \uFFFD '", page.Rows("texts")[0][3]);
        Assert.Equal("</script><b onclick=\"x()\">& ]]> --> </title></svg>\uFFFD\uFFFD\uFFFD'", page.Rows("texts")[0][0]);
    }

    [Fact]
    public void Write_NumbersThatAreNone_ShowsADash()
    {
        BenchmarkRun run = SyntheticRun.Small(
            SyntheticRun.Plain("a", 100, 90) with { Seconds = double.NaN, Nll = [new(1, double.NaN), new(2, double.PositiveInfinity)] }, SyntheticRun.Plain("b", 100, 0) with { Seconds = double.NegativeInfinity });
        HtmlPage page = HtmlPage.Of(run);

        Assert.DoesNotMatch(new Regex("NaN|Infinity|∞"), page.Text);
        Assert.Equal(["agent", "–", "–", "200", "20", "100", "0", "2", "1.0"], page.Rows("cost").Single());
        Assert.Equal(["plot-lengths", "plot-bins"], page.Plots.Select(plot => plot.Attribute("id")!.Value));
    }

    [Fact]
    public void Write_NothingJudged_HasNoQualityPlotAndSaysSo()
    {
        HtmlPage page = HtmlPage.Of(SyntheticRun.Small(SyntheticRun.Plain("a", 100, 90)));
        Assert.DoesNotContain(page.Plots, plot => plot.Attribute("id")!.Value == "plot-quality");
        Assert.Contains(page.Elements, element => element.Name == "dd" && element.Value == "not judged");
        Assert.Contains(page.Elements, element => element.Name == "li" && element.Value == "No judge was asked, so there is no S_q.");
    }

    [Fact]
    public void Write_OneSubjectOfTwoJudged_HasOneRowOfDotsAndADash()
    {
        BenchmarkRun run = SyntheticRun.Small(
            SyntheticRun.Plain("a", 100, 90) with { Judgement = SyntheticRun.Judgement([5, 4, 3, 2, 1, 5]) }, SyntheticRun.Plain("a", 100, 50, subject: "chat"));
        HtmlPage page = HtmlPage.Of(run);

        Assert.Equal(["agent", "58.3", "–", "100.0", "75.0", "50.0", "25.0", "0.0", "100.0", "1", "0"], page.Rows("quality").Single());
        Assert.Equal(7, page.Plot("plot-quality").Descendants("title").Count(title => title.Attribute("id") is null));
        Assert.Equal(["chat", "–", "1", "0", "50.0", "–", "–", "50", "50"], page.Rows("summary")[1]);
    }

    [Fact]
    public void Write_NoRunAndEmptyRun_ArePagesWithoutPlots()
    {
        Assert.Empty(HtmlPage.Of().Plots);
        Assert.Empty(HtmlPage.Of(SyntheticRun.Small()).Plots);
        Assert.Empty(HtmlPage.Of(SyntheticRun.Small()).Rows("texts"));
    }

    [Fact]
    public void Write_AllFailedWithNothing_DrawsThemAtTheLowerEdge()
    {
        HtmlPage page = HtmlPage.Of(SyntheticRun.Small(SyntheticRun.Plain("a", 100, 0, failure: "Closed."), SyntheticRun.Plain("b", 9000, 0, failure: "Closed.")));
        XElement plot = page.Plot("plot-lengths");
        XElement[] hollow = [.. plot.Elements("circle").Where(circle => circle.Attribute("class")!.Value == "open l0")];
        double axis = plot.Elements("line").Where(line => line.Attribute("class")!.Value == "axis").Max(line => HtmlPage.Number(line, "y1"));

        Assert.Equal([axis, axis], hollow.Select(circle => HtmlPage.Number(circle, "cy")));
        Assert.Equal("0.0 ± 0.0", page.Rows("summary")[0][4]);
    }

    [Fact]
    public void Write_ThreeSubjectsAndTwoRuns_HaveTheirOwnShapesAndColours()
    {
        BenchmarkRun run = SyntheticRun.Small(SyntheticRun.Plain("a", 100, 90), SyntheticRun.Plain("a", 100, 80, subject: "chat"), SyntheticRun.Plain("a", 100, 70, subject: "third"));
        HtmlPage page = HtmlPage.Of(run, run);

        Assert.Equal(["run 1/agent", "run 1/chat", "run 1/third", "run 2/agent", "run 2/chat", "run 2/third"], page.Rows("summary").Select(row => row[0]));
        XElement[] cards = [.. page.Elements.Where(element => element.Attribute("class")?.Value == "card").Select(card => card.Descendants("svg").Single().Elements().Single())];
        Assert.Equal(6, cards.Select(mark => mark.Attribute("class")!.Value).Distinct().Count());
        Assert.Equal(6, cards.Select(mark => mark.Attribute("d")?.Value ?? "circle").Distinct().Count());
    }

    [Fact]
    public void Write_ProblemsOfTwoSubjects_StandUnderEachOther()
    {
        HtmlPage page = HtmlPage.Of(SyntheticRun.Small(
            SyntheticRun.Plain("a", 100, 50) with { Text = "Short." }, SyntheticRun.Plain("a", 100, 50, subject: "chat") with { Text = "It stops in" }, SyntheticRun.Plain("b", 100, 100, subject: "chat") with { Text = "Fine." }));

        Assert.Equal([["Cut off", "chat", "1", "50.0%"], ["Too short", "agent", "1", "100.0%"], ["Too short", "chat", "1", "50.0%"]], page.Rows("problems"));
    }

    [Fact]
    public void Write_FailedTextWithAPart_IsHollowAndCaptioned()
    {
        HtmlPage page = HtmlPage.Of(SyntheticRun.Small(SyntheticRun.Plain("a", 100, 90, failure: "Closed."), SyntheticRun.Plain("b", 200, 200), SyntheticRun.Plain("c", 300, 0)));

        Assert.Equal(["open l0", "mark f0", "open l0"], page.Plot("plot-lengths").Elements("circle").Select(circle => circle.Attribute("class")!.Value));
        Assert.Contains(page.Elements, element => element.Name == "figcaption"
            && element.Value.Contains("Hollow marks: 2 failed or empty, the empty ones at the lower edge.", StringComparison.Ordinal));
    }

    [Fact]
    public void Write_ManyTextsOfALength_JoinsTheirMeans()
    {
        BenchmarkResult[] texts = [.. Enumerable.Range(0, 6).Select(index => SyntheticRun.Plain($"item-{index}", index < 3 ? 100 : 1000, 100))];

        Assert.Single(HtmlPage.Of(SyntheticRun.Small(texts)).Plot("plot-lengths").Elements("polyline"));
        Assert.Empty(HtmlPage.Of(SyntheticRun.Small(texts[1..])).Plot("plot-lengths").Elements("polyline"));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 1_000_000)]
    [InlineData(1_000_000, 1)]
    [InlineData(1_000_000, 2_000_000_000)]
    [InlineData(20_000, 20_000)]
    public void Write_OneText_StaysInsideItsPlots(int required, int produced)
    {
        HtmlPage page = HtmlPage.Of(SyntheticRun.Small(
            SyntheticRun.Plain("a", required, produced) with { Sections = [new(required, produced)], Nll = [new(produced, 1e-9)] },
            SyntheticRun.Plain("a", required, 0, repeat: 1) with { Sections = [new(required, 0)] }));
        Assert.Equal(5, page.Plots.Count);
        Assert.All(page.Plots, StaysInside);
    }

    [Fact]
    public void Write_FullRun_StaysInsideItsPlots() => Assert.All(Full.Plots, StaysInside);

    private static void StaysInside(XElement plot)
    {
        double[] box = [.. plot.Attribute("viewBox")!.Value.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
        foreach (XElement element in plot.Descendants())
        {
            foreach (string name in (string[])["x", "x1", "x2", "cx"])
            {
                Assert.True(element.Attribute(name) is null || HtmlPage.Number(element, name) is double x && x >= 0 && x <= box[2], element.ToString());
            }

            foreach (string name in (string[])["y", "y1", "y2", "cy"])
            {
                Assert.True(element.Attribute(name) is null || HtmlPage.Number(element, name) is double y && y >= 0 && y <= box[3], element.ToString());
            }
        }
    }
}
