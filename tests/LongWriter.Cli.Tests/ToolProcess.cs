using System.Diagnostics;

namespace LongWriter.Cli.Tests;

/// <summary>The tool in a process of its own.</summary>
internal sealed class ToolProcess : IDisposable
{
    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> error;

    private ToolProcess(Process process)
    {
        this.process = process;
        output = process.StandardOutput.ReadToEndAsync();
        error = process.StandardError.ReadToEndAsync();
    }

    public static string ExecutablePath => Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "LongWriter.Cli.exe" : "LongWriter.Cli");

    public static ToolProcess Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(ExecutablePath, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };

        // Short lives: do not spend them on optimising.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_TC_BackgroundWorkerTimeoutMs"] = "0";
        return new ToolProcess(Process.Start(start)!);
    }

    public Task ExitedAsync() => process.WaitForExitAsync();

    /// <summary>SIGKILL: the process gets no chance to do anything.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        await Task.WhenAll(output, error);
    }

    /// <summary>SIGINT, as Ctrl-C sends it.</summary>
    public void Interrupt()
    {
        using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        kill.WaitForExit();
    }

    public async Task<ToolResult> ResultAsync()
    {
        await process.WaitForExitAsync();
        return new ToolResult(process.ExitCode, await output, await error);
    }

    public void Dispose() => process.Dispose();
}
