using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Onnx.Runtime;

/// <summary>A loaded model. Safe for concurrent runs, each with its own binding. A run that is under way keeps it alive.</summary>
internal sealed unsafe class OrtSession : IDisposable
{
    private readonly OrtApi api;
    private readonly IDisposable logging;
    private long runTicks;

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

    /// <summary>Time in the library's own runs so far, so that what a step takes beside them can be told; 50 ns a run.</summary>
    public TimeSpan NativeTime => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref runTicks));

    internal OrtHandle Handle { get; }

    /// <summary>Names as native strings, so that binding allocates nothing.</summary>
    internal byte[][] InputNames { get; }

    internal byte[][] OutputNames { get; }

    /// <summary>Loads a model file.</summary>
    /// <param name="modelPath">The graph.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="logger">Told what the library says, or null.</param>
    /// <param name="agree">Compares a saved form of the model with the model, once, before it is used; null where none is to be used.</param>
    /// <exception cref="OnnxRuntimeException">The file is missing or not a model this build can run, or the provider is missing.</exception>
    public static OrtSession Load(string modelPath, OnnxRuntimeOptions options, ILogger? logger = null, Func<OrtSession, OrtSession, bool>? agree = null)
    {
        if (agree is null || options.PrepackedFolder is not { } root || options.Provider != ExecutionProvider.Cpu)
        {
            return LoadFile(modelPath, options, logger);
        }

        options.Validate();
        string folder = PrepackedModel.FolderFor(root, modelPath, options, OrtEnvironment.Get(options).Library.Version);
        return PrepackedModel.IsRefused(folder)
            ? LoadFile(modelPath, options, logger)
            : TryLoadSaved(folder, options, logger) ?? LoadAndSave(modelPath, folder, options, logger ?? NullLogger.Instance, agree);
    }

    /// <summary>Loads a model file whose weights are those that <paramref name="weights"/> holds.</summary>
    /// <inheritdoc cref="Load(string, OnnxRuntimeOptions, ILogger?, Func{OrtSession, OrtSession, bool}?)"/>
    public static OrtSession Load(string modelPath, SharedWeights weights, OnnxRuntimeOptions options, ILogger? logger = null) => LoadFile(modelPath, options, logger, weights: weights);

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
        long begin = Stopwatch.GetTimestamp();
        nint status = api.RunWithBinding(session.Pointer, run.Pointer, bound.Pointer);
        Interlocked.Add(ref runTicks, Stopwatch.GetTimestamp() - begin);
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

    /// <summary>Null when there is nothing saved, or it is damaged: then it makes room for another try.</summary>
    private static OrtSession? TryLoadSaved(string folder, OnnxRuntimeOptions options, ILogger? logger)
    {
        if (PrepackedModel.Find(folder) is not { } saved)
        {
            return null;
        }

        try
        {
            return LoadFile(saved, options, logger);
        }
        catch (OnnxRuntimeException)
        {
            PrepackedModel.Abandon(folder);
            return null;
        }
    }

    /// <summary>Where what was saved does not compute what the model computes, that is noted, and it is not tried again.</summary>
    private static OrtSession LoadAndSave(string modelPath, string folder, OnnxRuntimeOptions options, ILogger logger, Func<OrtSession, OrtSession, bool> agree)
    {
        string temporary = PrepackedModel.Begin(folder);
        OrtSession? model = null;
        try
        {
            // The session that saves computes nonsense afterwards (quantized weights, ONNX Runtime 1.30), so it is not used.
            LoadFile(modelPath, options, logger, PrepackedModel.GraphIn(temporary)).Dispose();
            model = LoadFile(modelPath, options, logger);
            using OrtSession saved = LoadFile(PrepackedModel.GraphIn(temporary), options, logger);
            if (agree(model, saved))
            {
                PrepackedModel.Complete(temporary, folder, logger);
            }
            else
            {
                PrepackedModel.Refuse(temporary, folder, logger);
            }

            return model;
        }
        catch
        {
            model?.Dispose();
            PrepackedModel.Abandon(temporary);
            throw;
        }
    }

    private static OrtSession LoadFile(string modelPath, OnnxRuntimeOptions options, ILogger? logger, string? optimizedPath = null, SharedWeights? weights = null)
    {
        byte[] native = Utf8.WritePath(Path.GetFullPath(modelPath));
        return Create(
            options,
            logger,
            (environment, sessionOptions) =>
            {
                OrtApi api = environment.Library.Api;
                nint pointer = environment.Handle.DangerousGetHandle();
                nint session;
                fixed (byte* pathBytes = native)
                {
                    api.Check(
                        weights is null
                            ? api.CreateSession(pointer, pathBytes, sessionOptions, &session)
                            : api.CreateSessionWithPrepackedWeights(pointer, pathBytes, sessionOptions, weights.AddTo(sessionOptions), &session),
                        $"Loading '{modelPath}'");
                    return session;
                }
            },
            optimizedPath,
            weights?.Packed);
    }

    private static OrtSession Create(OnnxRuntimeOptions options, ILogger? logger, Func<OrtEnvironment, nint, nint> create, string? optimizedPath = null, OrtHandle? parent = null)
    {
        options.Validate();
        logger ??= NullLogger.Instance;
        OrtEnvironment environment = OrtEnvironment.Get(options);
        IDisposable logging = OrtEnvironment.AddLogger(logger);
        try
        {
            using OrtHandle sessionOptions = OrtSessionOptions.Create(environment, options, logger, optimizedPath);
            using OrtHandle.Lease lease = sessionOptions.Use();
            return new OrtSession(environment, new OrtHandle(create(environment, lease.Pointer), environment.Library.Api.ReleaseSession, parent), logging);
        }
        catch
        {
            logging.Dispose();
            throw;
        }
    }
}
