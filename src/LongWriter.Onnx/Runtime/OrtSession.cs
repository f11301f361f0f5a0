using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Onnx.Runtime;

/// <summary>A loaded model. Safe for concurrent runs, each with its own binding. A run that is under way keeps it alive.</summary>
internal sealed unsafe class OrtSession : IDisposable
{
    private readonly OrtApi api;
    private readonly IDisposable logging;

    private OrtSession(OrtEnvironment environment, OrtHandle handle, IDisposable logging)
    {
        Environment = environment;
        Handle = handle;
        this.logging = logging;
        api = environment.Library.Api;
        Inputs = OrtSignature.ReadInputs(api, handle);
        Outputs = OrtSignature.ReadOutputs(api, handle);
        InputNames = [.. Inputs.Select(input => Utf8.Write(input.Name))];
        OutputNames = [.. Outputs.Select(output => Utf8.Write(output.Name))];
    }

    public OrtEnvironment Environment { get; }

    public IReadOnlyList<OrtValueInfo> Inputs { get; }

    public IReadOnlyList<OrtValueInfo> Outputs { get; }

    internal OrtHandle Handle { get; }

    /// <summary>Names as native strings, so that binding allocates nothing.</summary>
    internal byte[][] InputNames { get; }

    internal byte[][] OutputNames { get; }

    /// <summary>Loads a model file.</summary>
    /// <exception cref="OnnxRuntimeException">The file is missing or not a model this build can run, or the provider is missing.</exception>
    public static OrtSession Load(string modelPath, OnnxRuntimeOptions options, ILogger? logger = null)
    {
        // Paths are UTF-16 on Windows and bytes elsewhere.
        string path = Path.GetFullPath(modelPath);
        byte[] native = OperatingSystem.IsWindows() ? Encoding.Unicode.GetBytes(path + '\0') : Utf8.Write(path);
        return Create(options, logger, (environment, sessionOptions) =>
        {
            nint session;
            fixed (byte* pathBytes = native)
            {
                OrtApi api = environment.Library.Api;
                api.Check(api.CreateSession(environment.Handle.DangerousGetHandle(), pathBytes, sessionOptions, &session), $"Loading '{modelPath}'");
                return session;
            }
        });
    }

    /// <summary>Loads a model that is in memory and has no external data.</summary>
    public static OrtSession Load(ReadOnlyMemory<byte> model, OnnxRuntimeOptions options, ILogger? logger = null) =>
        Create(options, logger, (environment, sessionOptions) =>
        {
            nint session;
            fixed (byte* modelBytes = model.Span)
            {
                OrtApi api = environment.Library.Api;
                api.Check(
                    api.CreateSessionFromArray(environment.Handle.DangerousGetHandle(), modelBytes, (nuint)model.Length, sessionOptions, &session), "Loading a model");
                return session;
            }
        });

    /// <summary>Runs the model over what is bound. Allocates nothing.</summary>
    /// <exception cref="OperationCanceledException">The options were terminated.</exception>
    /// <exception cref="OnnxRuntimeException">The run failed.</exception>
    public void Run(OrtIoBinding binding, OrtRunOptions options)
    {
        using OrtHandle.Lease session = Handle.Use();
        using OrtHandle.Lease bound = binding.Handle.Use();
        using OrtHandle.Lease run = options.Handle.Use();
        nint status = api.RunWithBinding(session.Pointer, run.Pointer, bound.Pointer);
        if (status != 0)
        {
            OnnxRuntimeException failure = api.ToException(status, "Running the model");
            throw options.TerminateRequested ? new OperationCanceledException("The run was terminated.", failure) : failure;
        }
    }

    /// <summary>An entry of the model's own metadata, or null.</summary>
    public string? LookUpMetadata(string key) => OrtSignature.LookUpMetadata(api, Handle, key);

    public void Dispose()
    {
        Handle.Dispose();
        logging.Dispose();
    }

    private static OrtSession Create(OnnxRuntimeOptions options, ILogger? logger, Func<OrtEnvironment, nint, nint> create)
    {
        options.Validate();
        logger ??= NullLogger.Instance;
        OrtEnvironment environment = OrtEnvironment.Get(options);
        IDisposable logging = OrtEnvironment.AddLogger(logger);
        try
        {
            using OrtHandle sessionOptions = OrtSessionOptions.Create(environment, options, logger);
            using OrtHandle.Lease lease = sessionOptions.Use();
            return new OrtSession(environment, new OrtHandle(create(environment, lease.Pointer), environment.Library.Api.ReleaseSession), logging);
        }
        catch
        {
            logging.Dispose();
            throw;
        }
    }
}
