using System.Runtime.InteropServices;

namespace LongWriter.Onnx.Runtime;

/// <summary>ONNX Runtime's native library. A process loads one, at first use, and keeps it.</summary>
internal sealed unsafe class OrtLibrary
{
    private static readonly Lock Gate = new();
    private static OrtLibrary? loaded;

    /// <param name="path">The file.</param>
    /// <param name="version">ONNX Runtime's version.</param>
    /// <param name="api">Its functions.</param>
    internal OrtLibrary(string path, string version, OrtApi api)
    {
        Path = path;
        Version = version;
        Api = api;
    }

    /// <summary>The file, or the name that the system's loader resolved.</summary>
    public string Path { get; }

    /// <summary>ONNX Runtime's version, for example "1.30.0".</summary>
    public string Version { get; }

    /// <summary>The functions.</summary>
    public OrtApi Api { get; }

    /// <summary>Refuses a version whose table ends before the functions for a device's memory.</summary>
    /// <exception cref="OnnxRuntimeException">The library is older than 1.23.</exception>
    public void RequireDeviceFunctions(string provider)
    {
        if (!IsAtLeast(OrtApi.DeviceMinorVersion))
        {
            throw new OnnxRuntimeException(
                $"The execution provider '{provider}' needs ONNX Runtime 1.{OrtApi.DeviceMinorVersion} or later, which says where inputs are read and copies to a device; '{Path}' is {Version}.",
                OnnxRuntimeErrorCode.LibraryUnusable);
        }
    }

    /// <summary>Refuses a version that cannot run operators of ours.</summary>
    /// <exception cref="OnnxRuntimeException">The library is older than 1.17.</exception>
    public void RequireOperatorFunctions()
    {
        if (!IsAtLeast(OrtApi.OperatorMinorVersion))
        {
            throw new OnnxRuntimeException(
                $"An export with OwnOperators needs ONNX Runtime 1.{OrtApi.OperatorMinorVersion} or later, on whose threads these run; '{Path}' is {Version}.", OnnxRuntimeErrorCode.LibraryUnusable);
        }
    }

    /// <summary>Whether it is ONNX Runtime 1.<paramref name="minor"/> or later; false where its version cannot be read.</summary>
    public bool IsAtLeast(int minor) => System.Version.TryParse(Version.Split('-', '+')[0], out Version? parsed) && parsed >= new Version(1, minor);

    /// <summary>Loads the library, or gives the one that is loaded.</summary>
    /// <exception cref="OnnxRuntimeException">No library, one that is too old, or another than the loaded one was asked for.</exception>
    public static OrtLibrary Load(OnnxRuntimeOptions options)
    {
        lock (Gate)
        {
            if (loaded is null)
            {
                // Before loading: the library starts its telemetry client while it creates its environment.
                if (!options.AllowTelemetry)
                {
                    TelemetrySwitch.TurnOff();
                }

                loaded = LoadFrom(OrtLibraryLocator.Current, options.LibraryPath);
            }
            else if (options.LibraryPath is { } asked && !OrtLibraryLocator.Current.Candidates(asked).Contains(loaded.Path))
            {
                throw new OnnxRuntimeException(
                    $"LibraryPath is '{asked}', but this process already loaded '{loaded.Path}', and a process can load only one.", OnnxRuntimeErrorCode.LibraryUnusable);
            }

            return loaded;
        }
    }

    /// <summary>Loads the first of the locator's candidates that is there.</summary>
    internal static OrtLibrary LoadFrom(OrtLibraryLocator locator, string? explicitPath)
    {
        List<string> tried = [];
        foreach (string candidate in locator.Candidates(explicitPath))
        {
            bool isFile = candidate != System.IO.Path.GetFileName(candidate);
            if (isFile && !File.Exists(candidate))
            {
                tried.Add($"{candidate} (no such file)");
                continue;
            }

            try
            {
                return Open(candidate, NativeLibrary.Load(isFile ? System.IO.Path.GetFullPath(candidate) : candidate));
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
            {
                tried.Add(isFile ? $"{candidate} ({FirstLine(e.Message)})" : $"{candidate} (system loader: not found)");
            }
        }

        throw new OnnxRuntimeException(locator.Explain(explicitPath, tried), OnnxRuntimeErrorCode.LibraryMissing);
    }

    private static OrtLibrary Open(string path, nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out nint getApiBase))
        {
            throw new OnnxRuntimeException($"'{path}' is not ONNX Runtime: it does not export OrtGetApiBase.", OnnxRuntimeErrorCode.LibraryUnusable);
        }

        // struct OrtApiBase { GetApi(version), GetVersionString() }
        nint* apiBase = ((delegate* unmanaged<nint*>)getApiBase)();
        string version = Utf8.Read(((delegate* unmanaged<byte*>)apiBase[1])()) ?? "of unknown version";
        nint* table = ((delegate* unmanaged<uint, nint*>)apiBase[0])(OrtApi.Version);
        return table is null
            ? throw new OnnxRuntimeException($"'{path}' is ONNX Runtime {version}, which is too old: at least 1.{OrtApi.Version} is needed.", OnnxRuntimeErrorCode.LibraryUnusable)
            : new OrtLibrary(path, version, new OrtApi(table));
    }

    private static string FirstLine(string message) => message.ReplaceLineEndings("\n").Split('\n')[0];
}
