using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LongWriter.Packaging.Tests;

/// <summary>A process that has ended.</summary>
internal sealed record ProcessResult(int Code, string Out, string Error)
{
    public void AssertSuccess() => Assert.True(Code == 0, $"exit code {Code}\n{Out}\n{Error}");
}

/// <summary>Starts programs in a known environment.</summary>
internal static class ProcessRun
{
    private static readonly string DotnetRoot = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <summary>The dotnet that runs these tests.</summary>
    public static string DotnetPath { get; } = Path.Combine(DotnetRoot, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");

    public static Task<ProcessResult> DotnetAsync(string folder, IReadOnlyDictionary<string, string?> environment, params string[] arguments) =>
        StartAsync(DotnetPath, folder, environment, arguments);

    /// <param name="file">The program.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="environment">Variables to set, or, with null, to take away.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<ProcessResult> StartAsync(string file, string folder, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach ((string name, string? value) in Settings.Concat(environment))
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new ProcessResult(process.ExitCode, await output, await error);
    }

    /// <summary>A quiet SDK that leaves no process behind, and nothing of the SDK that started these tests.</summary>
    private static Dictionary<string, string?> Settings { get; } = new()
    {
        ["DOTNET_ROOT"] = DotnetRoot,
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_CLI_UI_LANGUAGE"] = "en",
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
        ["DOTNET_ADD_GLOBAL_TOOLS_TO_PATH"] = "false",
        ["DOTNET_SKIP_WORKLOAD_INTEGRITY_CHECK"] = "true",
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["UseSharedCompilation"] = "false",
        ["MSBuildSDKsPath"] = null,
        ["MSBuildExtensionsPath"] = null,
        ["MSBUILD_EXE_PATH"] = null,
    };
}
