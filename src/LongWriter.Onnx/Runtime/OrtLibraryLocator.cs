using System.Runtime.InteropServices;

namespace LongWriter.Onnx.Runtime;

/// <summary>
/// Where the native library may be, in order. File names: linux libonnxruntime.so.1 and libonnxruntime.so, macOS libonnxruntime.dylib and
/// libonnxruntime.1.dylib, Windows onnxruntime.dll. Only the Linux x64 names were run.
/// </summary>
internal sealed class OrtLibraryLocator(OSPlatform system, Func<string, string?> environment, string applicationFolder, string runtimeIdentifier)
{
    /// <summary>Names the native library, a file or its folder.</summary>
    public const string EnvironmentVariable = "LONGWRITER_ONNXRUNTIME";

    public static OrtLibraryLocator Current { get; } = new(
        OperatingSystem.IsWindows() ? OSPlatform.Windows : OperatingSystem.IsMacOS() ? OSPlatform.OSX : OSPlatform.Linux,
        Environment.GetEnvironmentVariable,
        AppContext.BaseDirectory,
        (OperatingSystem.IsWindows() ? "win-" : OperatingSystem.IsMacOS() ? "osx-" : "linux-")
            + (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64"));

    /// <summary>The library's file names on this system, the most likely first.</summary>
    public IReadOnlyList<string> FileNames { get; } =
        system == OSPlatform.Windows ? ["onnxruntime.dll"]
        : system == OSPlatform.OSX ? ["libonnxruntime.dylib", "libonnxruntime.1.dylib"]
        : ["libonnxruntime.so.1", "libonnxruntime.so"];

    /// <summary>
    /// The places to try. An explicit path or the environment variable is the only place when it is given: silently running another library than
    /// the one that was named would be worse than an error.
    /// </summary>
    public IEnumerable<string> Candidates(string? explicitPath)
    {
        if ((explicitPath ?? NamedByEnvironment()) is { } named)
        {
            return Expand(named);
        }

        IEnumerable<string> places = Expand(applicationFolder).Concat(Expand(Path.Combine(applicationFolder, "runtimes", runtimeIdentifier, "native")));

        // Windows would look into the current folder and into PATH, and may find the older onnxruntime.dll that ships with the system.
        return system == OSPlatform.Windows ? places : places.Concat(FileNames);
    }

    /// <summary>What to tell when none of <paramref name="tried"/> could be loaded.</summary>
    public string Explain(string? explicitPath, IEnumerable<string> tried)
    {
        string reason = explicitPath is not null ? $"LibraryPath is '{explicitPath}'. "
            : NamedByEnvironment() is { } named ? $"{EnvironmentVariable} is '{named}'. "
            : string.Empty;
        return $"ONNX Runtime's native library was not found. {reason}Looked at: {string.Join("; ", tried)}. "
            + "Add the package Microsoft.ML.OnnxRuntime (CPU) or Microsoft.ML.OnnxRuntime.Gpu (CUDA) to the application, "
            + $"or name the library by LibraryPath or the environment variable {EnvironmentVariable}.";
    }

    private string? NamedByEnvironment() => environment(EnvironmentVariable) is { Length: > 0 } named ? named : null;

    private IEnumerable<string> Expand(string place) =>
        Directory.Exists(place) || !FileNames.Contains(Path.GetFileName(place)) && !File.Exists(place)
            ? FileNames.Select(name => Path.Combine(place, name))
            : [place];
}
