using System.Diagnostics;
using System.Globalization;

namespace LongWriter.Onnx.Tests.Hostile;

/// <summary>
/// Damaged and lying model files, loaded in a child process so that a crash of native code is a failure of one mutant and not of the test run. The child
/// is this test program, told to run <see cref="MutantLoader"/>; after a crash the parent goes on with the next mutant, so that one run names them all.
/// </summary>
public sealed class HostileFilesTests
{
    /// <summary>Of the process, managed and native, over all mutants.</summary>
    internal const long LargestPeakKb = 1024 * 1024;

    // Managed memory beyond this is an OutOfMemoryException, which is no documented answer to a bad file.
    private const string HeapLimit = "0x18000000";

    [Theory]
    [InlineData(MutantKind.Source, 1, 300)]
    [InlineData(MutantKind.Export, 2, 600)]
    public async Task Load_MutatedFiles_EndsInADocumentedExceptionOrLoads(MutantKind kind, int seed, int count)
    {
        using var folder = new TemporaryFolder();
        MutantFolders.WriteOriginals(folder.Path);
        string results = folder.At("results.txt");
        List<string> failures = [];
        for (int next = 0; next < count;)
        {
            (int exitCode, string output) = await RunChildAsync(folder.Path, new MutantBatch(kind, seed, next, count));
            string[] lines = File.Exists(results) ? await File.ReadAllLinesAsync(results, TestContext.Current.CancellationToken) : [];
            Assert.True(lines.Length > 0, $"The child did nothing: {output}");
            if (lines[^1].StartsWith("end ", StringComparison.Ordinal))
            {
                Assert.True(exitCode == 0, output);
                break;
            }

            failures.Add($"{lines[^1]}: the process ended with {exitCode}: {output[^Math.Min(output.Length, 600)..]}");
            next = int.Parse(lines[^1].Split(' ')[1], CultureInfo.InvariantCulture) + 1;
        }

        string[] ends = [.. File.ReadLines(results).Where(line => line.StartsWith("end ", StringComparison.Ordinal))];
        failures.AddRange(ends.Where(line => line.Contains(" UNDOCUMENTED ", StringComparison.Ordinal)));
        long peakKb = ends.Length == 0 ? 0 : ends.Max(line => long.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture));
        int loaded = ends.Count(line => line.Contains(" loaded", StringComparison.Ordinal));
        TestContext.Current.SendDiagnosticMessage("{0}: {1} mutants, {2} loaded, {3} refused, peak {4} MB", kind, ends.Length, loaded, ends.Length - loaded, peakKb / 1024);
        Assert.True(failures.Count == 0, $"{failures.Count} of {count}:\n{string.Join('\n', failures)}");
        Assert.Equal(count, ends.Length);
        Assert.InRange(peakKb, 1, LargestPeakKb);

        // Mutants that never get past the door, or never stop there, would test little.
        Assert.InRange(loaded, count / 50, count * 4 / 5);
    }

    private static async Task<(int ExitCode, string Output)> RunChildAsync(string folder, MutantBatch batch)
    {
        string host = Environment.ProcessPath!;
        string[] assembly = Path.GetFileNameWithoutExtension(host) == "dotnet" ? [typeof(HostileFilesTests).Assembly.Location] : [];
        var start = new ProcessStartInfo(host, [.. assembly, "-method", $"{typeof(MutantLoader).FullName}.{nameof(MutantLoader.Child_LoadsMutants)}", "-explicit", "only"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[MutantLoader.FolderVariable] = folder;
        start.Environment[MutantLoader.BatchVariable] = batch.ToString();
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapLimit;
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        using Process child = Process.Start(start)!;
        Task<string> output = child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (child.ExitCode, await output + await errors);
    }
}
