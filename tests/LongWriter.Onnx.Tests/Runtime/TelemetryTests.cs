using System.Diagnostics;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Tests.Runtime;

/// <summary>
/// The telemetry client decides when the environment is created, so each case needs a process of its own: this test program starts itself, with an
/// empty home and temporary folder, to run one method. Left alone, ONNX Runtime 1.30.0 writes mat-debug-*.log into the temporary folder and a
/// .onnxruntime folder below ~/.cache/Microsoft; setting ORT_DISABLE_TELEMETRY by Environment.SetEnvironmentVariable alone does not stop that.
/// </summary>
public sealed class TelemetryTests
{
    private const string ChildVariable = "LONGWRITER_TEST_TELEMETRY_CHILD";

    [Fact]
    public async Task Run_FreshHome_LeavesNoFile()
    {
        string root = Directory.CreateTempSubdirectory("longwriter-telemetry-").FullName;
        try
        {
            string home = Directory.CreateDirectory(Path.Combine(root, "home")).FullName;
            string temporary = Directory.CreateDirectory(Path.Combine(root, "tmp")).FullName;

            (int exitCode, string output) = await RunChildAsync(home, temporary);

            Assert.True(exitCode == 0, output);
            Assert.Contains("Total: 1, ", output, StringComparison.Ordinal);
            string[] left = [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file))];
            Assert.DoesNotContain(left, file => file.Contains("mat-debug", StringComparison.Ordinal));
            Assert.DoesNotContain(left, file => file.Contains("onnxruntime", StringComparison.OrdinalIgnoreCase));
            Assert.Empty(left);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <summary>What the child process does; in the parent it is one more run of the tiny model.</summary>
    [Fact]
    public void Child_RunsTheTinyModel()
    {
        var options = new OnnxRuntimeOptions { AllowTelemetry = Environment.GetEnvironmentVariable(ChildVariable) == "allow" };
        using OrtSession session = OrtSession.Load(TinyGraph.Affine(), options);
        using var binding = new OrtIoBinding(session);
        using var runOptions = new OrtRunOptions(session.Environment);
        using OrtTensor x = OrtTensor.From<float>(session.Environment, [1, 2, 3], 1, 3);
        using OrtTensor y = OrtTensor.Allocate(session.Environment, TensorElementType.Float, 1, 3);
        binding.BindInput(0, x);
        binding.BindOutput(0, y);
        session.Run(binding, runOptions);
        Assert.Equal(301f, y.AsSpan<float>()[2]);
    }

    private static async Task<(int ExitCode, string Output)> RunChildAsync(string home, string temporary)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = temporary,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(TelemetryTests).Assembly.Location);
        }

        foreach (string argument in (string[])["-method", $"{typeof(TelemetryTests).FullName}.{nameof(Child_RunsTheTinyModel)}"])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["HOME"] = home;
        start.Environment["USERPROFILE"] = home;
        start.Environment["XDG_CACHE_HOME"] = Path.Combine(home, ".cache");
        start.Environment["TMPDIR"] = temporary;
        start.Environment["TMP"] = temporary;
        start.Environment["TEMP"] = temporary;

        // The .NET runtime's own sockets and first-run files are not what is looked for.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment.Remove("ORT_DISABLE_TELEMETRY");
        using Process child = Process.Start(start)!;
        Task<string> output = child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (child.ExitCode, await output + await errors);
    }
}
