using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace LongWriter.Onnx.Runtime;

/// <summary>
/// ONNX Runtime's environment: one per process, created at first use and kept, as the native side has it. Its messages go to every logger that is
/// registered while they are written, because they do not say which session they belong to.
/// </summary>
internal sealed unsafe partial class OrtEnvironment
{
    private static readonly Lock Gate = new();
    private static OrtEnvironment? shared;
    private static volatile ILogger[] loggers = [];

    private readonly HashSet<string> providerLibraries = [];

    /// <param name="library">The library.</param>
    /// <param name="handle">The native environment.</param>
    internal OrtEnvironment(OrtLibrary library, OrtHandle handle)
    {
        Library = library;
        Handle = handle;
    }

    public OrtLibrary Library { get; }

    public OrtHandle Handle { get; }

    /// <summary>Gives the process's environment; loads the library and creates it at the first call.</summary>
    public static OrtEnvironment Get(OnnxRuntimeOptions options)
    {
        if (options.Environment is { } given)
        {
            return given;
        }

        OrtLibrary library = OrtLibrary.Load(options);
        lock (Gate)
        {
            return shared ??= Create(library);
        }
    }

    /// <summary>Sends the native messages to <paramref name="logger"/> too, until the result is disposed.</summary>
    public static IDisposable AddLogger(ILogger logger)
    {
        lock (Gate)
        {
            loggers = [.. loggers, logger];
        }

        return new Registration(logger);
    }

    /// <summary>Lets the environment use a provider's library, for example to copy to its device; once for each name.</summary>
    /// <param name="name">A name for it.</param>
    /// <param name="fileName">The file; without a folder, ONNX Runtime looks beside itself.</param>
    /// <exception cref="OnnxRuntimeException">It cannot be loaded.</exception>
    public void RegisterProviderLibrary(string name, string fileName)
    {
        lock (providerLibraries)
        {
            if (providerLibraries.Contains(name))
            {
                return;
            }

            using OrtHandle.Lease lease = Handle.Use();
            fixed (byte* nameBytes = Utf8.Write(name), path = Utf8.WritePath(fileName))
            {
                Library.Api.Check(Library.Api.RegisterProviderLibrary(lease.Pointer, nameBytes, path), $"Registering the provider library '{fileName}'");
            }

            providerLibraries.Add(name);
        }
    }

    private static OrtEnvironment Create(OrtLibrary library)
    {
        nint environment;
        fixed (byte* id = "longwriter\0"u8)
        {
            // Sessions choose their own level; this one is for what happens outside of them.
            library.Api.Check(library.Api.CreateEnvWithCustomLogger(&OnMessage, 0, (int)OrtSeverity.Warning, id, &environment), "Creating the environment");
        }

        // Never released: worker threads of the library may outlive every session, and the process ends sooner than they would be waited for.
        return new OrtEnvironment(library, new OrtHandle(environment, &Keep));
    }

    [UnmanagedCallersOnly]
    private static void Keep(nint environment)
    {
    }

    [UnmanagedCallersOnly]
    private static void OnMessage(nint parameter, int severity, byte* category, byte* id, byte* location, byte* message)
    {
        try
        {
            LogLevel level = ((OrtSeverity)severity).ToLogLevel();
            foreach (ILogger logger in loggers)
            {
                if (logger.IsEnabled(level))
                {
                    string text = Utf8.Read(message) ?? string.Empty;
                    string place = Utf8.Read(location) ?? string.Empty;
                    LogNative(logger, level, text, place);
                }
            }
        }
        catch (Exception e)
        {
            // A logger that throws must not unwind into native code.
            System.Diagnostics.Debug.WriteLine(e);
        }
    }

    [LoggerMessage(EventId = 1, EventName = "OnnxRuntimeMessage", Message = "ONNX Runtime: {Message} ({Location})")]
    private static partial void LogNative(ILogger logger, LogLevel level, string message, string location);

    private sealed class Registration(ILogger logger) : IDisposable
    {
        private ILogger? registered = logger;

        public void Dispose()
        {
            lock (Gate)
            {
                if (registered is not null)
                {
                    int index = Array.IndexOf(loggers, registered);
                    loggers = [.. loggers[..index], .. loggers[(index + 1)..]];
                    registered = null;
                }
            }
        }
    }
}

/// <summary>OrtLoggingLevel.</summary>
internal enum OrtSeverity
{
    Verbose = 0,
    Info = 1,
    Warning = 2,
    Error = 3,
    Fatal = 4,
}

internal static class OrtSeverities
{
    public static LogLevel ToLogLevel(this OrtSeverity severity) => severity switch
    {
        OrtSeverity.Verbose => LogLevel.Trace,
        OrtSeverity.Info => LogLevel.Debug,
        OrtSeverity.Warning => LogLevel.Warning,
        OrtSeverity.Error => LogLevel.Error,
        _ => LogLevel.Critical,
    };

    /// <summary>The lowest severity that <paramref name="logger"/> would keep.</summary>
    public static OrtSeverity LowestKept(ILogger logger) =>
        Enum.GetValues<OrtSeverity>().FirstOrDefault(severity => logger.IsEnabled(severity.ToLogLevel()), OrtSeverity.Fatal);
}
