using System.Text;

namespace LongWriter.Benchmarking.Reports;

/// <summary>Writes the report of one or several runs, laid over each other, as JSON, Markdown and a self-contained page.</summary>
public static class ReportWriter
{
    /// <summary>Name of the file for programs: every number, without the texts.</summary>
    public const string JsonFileName = "report.json";

    /// <summary>Name of the file with tables.</summary>
    public const string MarkdownFileName = "report.md";

    /// <summary>Name of the page: no script, nothing loaded from elsewhere.</summary>
    public const string HtmlFileName = "report.html";

    /// <summary>Computes the report and writes its three files over what is there. The same input gives the same bytes.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="folder">The folder; created when it is missing.</param>
    /// <param name="options">How to report.</param>
    /// <param name="cancellationToken">Ends the writing; files may then be missing or cut.</param>
    /// <returns>The report.</returns>
    /// <exception cref="ArgumentException">The names of the runs do not fit the runs.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static async Task<BenchmarkReport> WriteAsync(
        IReadOnlyList<BenchmarkRun> runs, string folder, ReportOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        BenchmarkReport report = BenchmarkReport.From(runs, options);
        Directory.CreateDirectory(folder);
        await WriteFileAsync(JsonFileName, ReportJson.Write(report)).ConfigureAwait(false);
        await WriteFileAsync(MarkdownFileName, MarkdownReport.Write(report)).ConfigureAwait(false);
        await WriteFileAsync(HtmlFileName, HtmlReport.Write(report)).ConfigureAwait(false);
        return report;

        // Not Encoding.UTF8, which would begin each file with a mark.
        Task WriteFileAsync(string name, string content) =>
            File.WriteAllTextAsync(Path.Combine(folder, name), content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellationToken);
    }
}
