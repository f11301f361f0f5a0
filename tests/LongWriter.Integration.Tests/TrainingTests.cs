using System.Diagnostics;

namespace LongWriter.Integration;

/// <summary>The tests of training/, run with a Python that has PyTorch; skipped where there is none, since the library does not need it.</summary>
public sealed class TrainingTests
{
    [Fact]
    public async Task TrainingPrograms_TheirOwnTests_Pass()
    {
        string python = Environment.GetEnvironmentVariable("PYTHON") is { Length: > 0 } named ? named : "/usr/bin/python3";
        (int status, string output) = await RunAsync(python, "-c", "import numpy, regex, torch");
        Assert.SkipUnless(status == 0, $"{python} has no PyTorch, NumPy and regex (name another by PYTHON): {output.Trim().Split('\n')[^1]}");

        (status, output) = await RunAsync(python, "-m", "unittest", "discover", "-s", "tests");

        Assert.True(status == 0, output);
        Assert.Contains("\nOK", output, StringComparison.Ordinal);
    }

    private static async Task<(int Status, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Path.Combine(RepositoryRoot(), "training"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        try
        {
            using Process process = Process.Start(start)!;
            CancellationToken cancellation = TestContext.Current.CancellationToken;
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
            string output = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, output + await errors);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (-1, missing.Message);
        }
    }

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LongWriter.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException($"LongWriter.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
