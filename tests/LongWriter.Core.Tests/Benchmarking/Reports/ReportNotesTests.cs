using LongWriter.Benchmarking;
using LongWriter.Benchmarking.Reports;

namespace LongWriter.Core.Tests.Benchmarking.Reports;

public sealed class ReportNotesTests
{
    [Fact]
    public void Notes_BareRun_SayWhatIsMissing() => Assert.Equal(
        [
            "No judge was asked, so there is no S_q.",
            "Every item was written once, so nothing is known of the spread over repeats.",
            "No text has sections, so there is nothing to compare with their budgets.",
            "No local model read the texts, so there are no curves of negative log-likelihood.",
        ],
        NotesOf(SyntheticRun.Small(SyntheticRun.Plain("a", 100, 100))));

    [Fact]
    public void Notes_NoRun_SaySo() => Assert.Equal(["There is no run to report."], NotesOf());

    [Fact]
    public void Notes_RunWithoutResults_SaySo() => Assert.Equal(["agent has no results.", "No judge was asked, so there is no S_q."], NotesOf(SyntheticRun.Small()));

    [Fact]
    public void Notes_UnfinishedRunWithFailures_SayHowTheyCount()
    {
        BenchmarkRun run = SyntheticRun.Small(SyntheticRun.Plain("a", 100, 40, failure: "Closed."), SyntheticRun.Plain("b", 100, 100) with { Usage = default });
        BenchmarkRun unfinished = run with { Manifest = run.Manifest with { Items = 5, Command = null } };

        Assert.Equal(
            [
                "A program made run 1, so there is no command that repeats it.",
                "agent has 2 of 5 texts: the run is not complete.",
                "1 of 2 texts of agent failed; they count in S_l with what they left, 0 when that is nothing.",
            ],
            NotesOf(unfinished).Take(3));
    }

    [Fact]
    public void Notes_NoTokens_SaySo() => Assert.Contains("agent reported no tokens.", NotesOf(SyntheticRun.Small(SyntheticRun.Plain("a", 100, 100) with { Usage = default })));

    [Fact]
    public void Notes_OneSubjectOfTwoJudged_NamesTheOther()
    {
        BenchmarkRun run = SyntheticRun.Small(
            SyntheticRun.Plain("a", 100, 100) with { Judgement = SyntheticRun.Judgement([5, 5, 5, 5, 5, 5]) },
            SyntheticRun.Plain("b", 100, 100) with { Judgement = SyntheticRun.FailedJudgement() },
            SyntheticRun.Plain("c", 100, 100),
            SyntheticRun.Plain("a", 100, 100, subject: "chat"));
        BenchmarkReport report = BenchmarkReport.From([run], SyntheticRun.Options);

        Assert.Equal(
            ["1 of 2 judgements of agent failed; S_q leaves them out.", "1 text of agent was not judged; S_q is over the others.", "No judge was asked about chat, so it has no S_q."],
            report.Notes.Where(note => note.Contains("judge", StringComparison.OrdinalIgnoreCase)));
        Assert.Equal(100, report.Subjects[0].Quality!.Sq);
        Assert.Null(report.Subjects[1].Quality);
        Assert.Null(report.Subjects[1].Overall);
    }

    [Fact]
    public void Notes_RunsOfDifferentSuitesAndBins_SayThatTheyDoNotCompare()
    {
        BenchmarkRun one = SyntheticRun.Small(SyntheticRun.Plain("a", 100, 100));
        BenchmarkRun other = one with { Manifest = one.Manifest with { Suite = "ruler", SuiteVersion = "2", BinEdges = [0, 1000] } };

        Assert.Equal(
            [
                "The runs are of different suites (longbench-write synthetic-1, ruler 2), so their figures do not compare.",
                "The runs have different length bins; all are shown in the bins of run 1.",
            ],
            NotesOf(one, other).Take(2));
    }

    private static IReadOnlyList<string> NotesOf(params IReadOnlyList<BenchmarkRun> runs) => BenchmarkReport.From(runs, SyntheticRun.Options).Notes;
}
