using System.Globalization;

namespace LongWriter.Benchmarking;

/// <summary>Finds out whether a run may go on with another manifest: what shapes the texts must be the same.</summary>
internal static class ManifestComparison
{
    /// <summary>
    /// One sentence for each difference; none where the run may go on. A judge or a measurement may be added to a run that had none. Time,
    /// runtime, packages and command may differ: they are recorded as they were at the start.
    /// </summary>
    public static IReadOnlyList<string> Differences(RunManifest recorded, RunManifest wanted)
    {
        var differences = new List<string>();
        Compare("suite", recorded.Suite, wanted.Suite);
        Compare("version of the suite", recorded.SuiteVersion, wanted.SuiteVersion);
        Compare("bins", string.Join(' ', recorded.BinEdges), string.Join(' ', wanted.BinEdges));
        Compare("number of items", recorded.Items.ToString(CultureInfo.InvariantCulture), wanted.Items.ToString(CultureInfo.InvariantCulture));
        Compare("subjects", string.Join(", ", recorded.Subjects.Select(subject => subject.Name)), string.Join(", ", wanted.Subjects.Select(subject => subject.Name)));
        foreach (SubjectManifest subject in wanted.Subjects)
        {
            if (recorded.Subjects.FirstOrDefault(other => other.Name == subject.Name) is { } other)
            {
                CompareSubjects(other, subject);
            }
        }

        Compare("repeats", recorded.Repeats.ToString(CultureInfo.InvariantCulture), wanted.Repeats.ToString(CultureInfo.InvariantCulture));
        Compare("seed", recorded.Seed.ToString(CultureInfo.InvariantCulture), wanted.Seed.ToString(CultureInfo.InvariantCulture));
        Compare("LongWriter", recorded.LongWriterVersion, wanted.LongWriterVersion);
        if (recorded.Judge is not null)
        {
            Compare("judge", recorded.Judge, wanted.Judge);
            Compare("prompt of the judge", recorded.JudgePromptVersion, wanted.JudgePromptVersion);
        }

        if (recorded.Nll is not null)
        {
            Compare("measurement of likelihoods", recorded.Nll, wanted.Nll);
        }

        return differences;

        void CompareSubjects(SubjectManifest was, SubjectManifest now)
        {
            Compare($"kind of {now.Name}", was.Kind, now.Kind);
            Compare($"model of {now.Name}", was.Model, now.Model);
            foreach (string option in was.Options.Keys.Union(now.Options.Keys).Order(StringComparer.Ordinal))
            {
                Compare($"{option} of {now.Name}", was.Options.GetValueOrDefault(option), now.Options.GetValueOrDefault(option));
            }
        }

        void Compare(string name, string? was, string? now)
        {
            if (was != now)
            {
                differences.Add($"{name} was {was ?? "not set"} and is {now ?? "not set"}");
            }
        }
    }
}
