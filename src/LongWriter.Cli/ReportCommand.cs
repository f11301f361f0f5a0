using System.CommandLine;
using LongWriter.Benchmarking;

namespace LongWriter.Cli;

/// <summary>The report command: one report over the runs of several folders.</summary>
internal static class ReportCommand
{
    private static readonly Argument<string[]> Folders = new("folders") { Description = "Folders of runs, as bench made them with --out.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Out = ToolOption.Text("--out", "Folder for report.json, report.md and report.html. The default is the run's own folder; for several runs, ./report.", "-o");
    private static readonly Option<string?> FailedJudgements = ReportCalls.FailedJudgementsOption();

    public static Command Build(ToolHost host)
    {
        var command = new Command("report", "Writes one report over several runs, to compare them.") { Folders, Out, FailedJudgements };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string[] folders = [.. parsed.GetValue(Folders)!.Select(folder => Path.TrimEndingDirectorySeparator(folder))];
            string[] names = NamesOf(folders);
            string output = Path.GetFullPath(parsed.GetValue(Out) ?? (folders.Length == 1 ? folders[0] : "report"));
            var policy = ReportCalls.ReadFailedJudgements(parsed.GetValue(FailedJudgements));
            BenchmarkRun[] runs = [.. folders.Select(BenchmarkRunFolder.Read)];
            BenchTable.Print(await ReportCalls.WriteAsync(runs, names, output, policy, cancellationToken).ConfigureAwait(false), host.Out);
            await host.Error.WriteLineAsync($"Wrote the report to {output}").ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>The folders' own names where they tell them apart, else the folders as given.</summary>
    private static string[] NamesOf(string[] folders)
    {
        if (folders.GroupBy(folder => Path.GetFullPath(folder), StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Every folder must be named once but {twice.First()} is named {twice.Count()} times.");
        }

        string[] names = [.. folders.Select(folder => Path.GetFileName(Path.GetFullPath(folder)))];
        return names.Distinct(StringComparer.Ordinal).Count() == names.Length ? names : folders;
    }
}
