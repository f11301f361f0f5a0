using LongWriter.Benchmarking;
using LongWriter.Benchmarking.Reports;

namespace LongWriter.Core.Tests.Benchmarking.Reports;

public sealed class ReportRunNamesTests
{
    private static readonly BenchmarkRun Run = SyntheticRun.Small(SyntheticRun.Plain("a", 100, 100));

    [Fact]
    public void From_OneRun_LabelsSubjectsByTheirNames() => Assert.Equal(["agent"], LabelsOf([Run], null));

    [Fact]
    public void From_SeveralRuns_LabelsSubjectsByRunAndName() => Assert.Equal(["run 1/agent", "run 2/agent"], LabelsOf([Run, Run], null));

    [Fact]
    public void From_NamedRuns_UsesTheirNames() => Assert.Equal(["before/agent", "after/agent"], LabelsOf([Run, Run], ["before", "after"]));

    [Fact]
    public void From_SubjectThatTheManifestDoesNotName_IsReported()
    {
        BenchmarkRun run = SyntheticRun.Small(SyntheticRun.Plain("a", 100, 100, subject: "stranger"));
        Assert.Equal(["agent", "stranger"], LabelsOf([run], null));
    }

    [Fact]
    public void From_TooFewNames_IsRefused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => LabelsOf([Run, Run], ["one"]));
        Assert.Equal("RunNames must have one name for each of the 2 runs but has 1. (Parameter 'options')", error.Message);
    }

    [Fact]
    public void From_SameNameTwice_IsRefused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => LabelsOf([Run, Run], ["one", "one"]));
        Assert.Equal("RunNames must all be different but \"one\" is there twice. (Parameter 'options')", error.Message);
    }

    [Fact]
    public void From_ScorerThatGivesNoNumber_IsRefused()
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => BenchmarkReport.From([Run], new ReportOptions { LengthScorer = new BrokenScorer() }));
        Assert.Equal("broken must give a finite score but gave NaN for 100 of 100.", error.Message);
    }

    private static IEnumerable<string> LabelsOf(IReadOnlyList<BenchmarkRun> runs, IReadOnlyList<string>? names) =>
        BenchmarkReport.From(runs, SyntheticRun.Options with { RunNames = names }).Subjects.Select(subject => subject.Label);

    private sealed class BrokenScorer : ILengthScorer
    {
        public string Name => "broken";

        public string Source => "This test.";

        public LengthScore Score(LengthTarget target, int producedWords) => new(double.NaN, target.Value, producedWords, Name);
    }
}
