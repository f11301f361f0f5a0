using LongWriter.Scoring;

namespace LongWriter.Benchmarking.Reports;

/// <summary>Says in plain sentences what is missing and what counts how.</summary>
internal static class ReportNotes
{
    public static IReadOnlyList<string> Of(IReadOnlyList<RunReport> runs, IReadOnlyList<SubjectReport> subjects, string lengthScorer) =>
    [
        .. AboutRuns(runs),
        .. subjects.SelectMany(subject => AboutTexts(subject, lengthScorer)),
        .. AboutQuality(subjects),
        .. AboutTheRest(subjects),
    ];

    private static IEnumerable<string> AboutRuns(IReadOnlyList<RunReport> runs)
    {
        if (runs.Count == 0)
        {
            yield return "There is no run to report.";
        }

        string[] suites = [.. runs.Select(run => $"{run.Manifest.Suite} {run.Manifest.SuiteVersion}").Distinct(StringComparer.Ordinal)];
        if (suites.Length > 1)
        {
            yield return $"The runs are of different suites ({string.Join(", ", suites)}), so their figures do not compare.";
        }

        if (runs.Any(run => !run.Manifest.BinEdges.SequenceEqual(runs[0].Manifest.BinEdges)))
        {
            yield return $"The runs have different length bins; all are shown in the bins of {runs[0].Name}.";
        }

        foreach (RunReport run in runs.Where(run => run.Manifest.Command is null))
        {
            yield return $"A program made {run.Name}, so there is no command that repeats it.";
        }
    }

    private static IEnumerable<string> AboutTexts(SubjectReport subject, string lengthScorer)
    {
        if (subject.Texts == 0)
        {
            yield return $"{subject.Label} has no results.";
            yield break;
        }

        if (subject.Texts < subject.Expected)
        {
            yield return $"{subject.Label} has {ReportNumbers.Count(subject.Texts)} of {ReportNumbers.Count(subject.Expected)} texts: the run is not complete.";
        }

        if (subject.Failed > 0)
        {
            yield return $"{ReportNumbers.Count(subject.Failed)} of {Texts(subject.Texts)} of {subject.Label} failed; "
                + $"they count in {lengthScorer} with what they left, 0 when that is nothing.";
        }

        if (subject.Problems.FirstOrDefault(problem => problem.Problem == TextProblem.OtherLanguage)?.Texts is { } mismatches)
        {
            yield return $"{Texts(mismatches)} of {subject.Label} {(mismatches == 1 ? "is" : "are")} in another language than the prompt; "
                + "they are counted by the same rule, and a prompt may ask for it.";
        }

        int withoutTokens = subject.TextReports.Count(text => text.Produced > 0 && text.Usage.OutputTokens == 0);
        if (subject.Usage is null)
        {
            yield return $"{subject.Label} reported no tokens.";
        }
        else if (withoutTokens > 0)
        {
            yield return $"For {Texts(withoutTokens)} of {subject.Label} no tokens were reported, so the sums of tokens are too low.";
        }
    }

    private static IEnumerable<string> AboutQuality(IReadOnlyList<SubjectReport> subjects)
    {
        if (subjects.All(subject => subject.Quality is null))
        {
            if (subjects.Count > 0)
            {
                yield return "No judge was asked, so there is no S_q.";
            }

            yield break;
        }

        foreach (SubjectReport subject in subjects.Where(subject => subject.Texts > 0))
        {
            if (subject.Quality is not { } quality)
            {
                yield return $"No judge was asked about {subject.Label}, so it has no S_q.";
                continue;
            }

            if (quality.Failed > 0)
            {
                yield return $"{ReportNumbers.Count(quality.Failed)} of {ReportNumbers.Count(quality.Judged + quality.Failed)} judgements of {subject.Label} failed{FateOf(quality)}.";
            }

            int unjudged = subject.Texts - quality.Judged - quality.Failed;
            if (unjudged > 0)
            {
                yield return $"{Texts(unjudged)} of {subject.Label} {(unjudged == 1 ? "was" : "were")} not judged; S_q is over the others.";
            }
        }
    }

    private static IEnumerable<string> AboutTheRest(IReadOnlyList<SubjectReport> subjects)
    {
        if (subjects.All(subject => subject.Texts == 0))
        {
            yield break;
        }

        if (subjects.All(subject => subject.Spread.Count == 0))
        {
            yield return "Every item was written once, so nothing is known of the spread over repeats.";
        }

        if (subjects.All(subject => subject.Sections is null))
        {
            yield return "No text has sections, so there is nothing to compare with their budgets.";
        }

        if (subjects.All(subject => subject.Nll is null))
        {
            yield return "No local model read the texts, so there are no curves of negative log-likelihood.";
        }

        foreach (SubjectReport subject in subjects)
        {
            int unread = subject.TextReports.Count(text => text.NllFailure is not null);
            if (unread > 0)
            {
                yield return $"The local model could not read {Texts(unread)} of {subject.Label}; the curves are of the others.";
            }
        }
    }

    private static string FateOf(QualityScores quality) =>
        quality.Sq is null ? ", so there is no S_q"
        : quality.Policy == FailedJudgements.ScoreThree ? "; they count in S_q as mark 3"
        : "; S_q leaves them out";

    private static string Texts(int count) => count == 1 ? "1 text" : $"{ReportNumbers.Count(count)} texts";
}
