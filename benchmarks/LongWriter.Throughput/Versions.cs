using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using LongWriter.Onnx;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Throughput;

/// <summary>What was measured: versions of the software that did the work.</summary>
internal sealed record Versions
{
    public required string LongWriterOnnx { get; init; }

    public required string OnnxRuntime { get; init; }

    public required string DotNet { get; init; }

    /// <summary>The repository's commit, with "-dirty" behind it when files differ from it; null without git or without a repository.</summary>
    public required string? Commit { get; init; }

    public static Versions Find() => new()
    {
        LongWriterOnnx = typeof(OnnxChatClient).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
        OnnxRuntime = OrtLibrary.Load(new OnnxRuntimeOptions()).Version,
        DotNet = RuntimeInformation.FrameworkDescription,
        Commit = ReadCommit(),
    };

    private static string? ReadCommit()
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["describe", "--always", "--abbrev=40", "--dirty", "--exclude=*"])
            {
                WorkingDirectory = AppContext.BaseDirectory,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            string output = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return git.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
