using LongWriter.Benchmarking;
using LongWriter.Benchmarking.Reports;

namespace LongWriter.Core.Tests.Benchmarking.Reports;

public sealed class MarkdownReportTests
{
    [Fact]
    public void Write_SmallRun_HasNotesTablesAndTheCommand()
    {
        string text = Write(SyntheticRun.Small(SyntheticRun.Plain("a", 1000, 500), SyntheticRun.Plain("b", 3000, 0, failure: "Closed.")));

        Assert.Contains("- No judge was asked, so there is no S\\_q.\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "## S\\_l by required length\n\n| Required | Subject | Texts | Failed | S\\_l | Std. error | Mean length |\n| --- | --- | --: | --: | --: | --: | --: |\n"
                + "| 500–1,999 | agent | 1 | 0 | 50.0 | – | 500 |\n| 2,000–3,999 | agent | 1 | 1 | 0.0 | – | 0 |\n",
            text,
            StringComparison.Ordinal);
        Assert.Contains("\n| agent | Error | 1 | 1 |\n", text, StringComparison.Ordinal);
        Assert.Contains("\nThe command of run 1:\n\n```\nlongwriter bench run longbench-write --subject agent --subject chat --repeats 3 --seed 42\n```\n", text, StringComparison.Ordinal);
        Assert.Contains("\n| Started | 2026-01-02 03:04 UTC |\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_HostileSubjectAndCommand_StayText()
    {
        BenchmarkRun run = SyntheticRun.Small(SyntheticRun.Plain("a", 100, 90, subject: "x | <b>*y*\n# z"));
        string text = Write(run with { Manifest = run.Manifest with { Command = "echo ```` | sh" } });

        Assert.Contains("\n| x \\| &lt;b\\>\\*y\\* \\# z | ", text, StringComparison.Ordinal);
        Assert.Contains("\n`````\necho ```` | sh\n`````\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NoRun_IsATitleAndANote() => Assert.StartsWith(
        "# Synthetic run: an agent writer and a bare chat client\n\n- There is no run to report.\n", Write(), StringComparison.Ordinal);

    private static string Write(params IReadOnlyList<BenchmarkRun> runs) => MarkdownReport.Write(BenchmarkReport.From(runs, SyntheticRun.Options));
}
