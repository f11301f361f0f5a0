using LongWriter.Onnx.Runtime.Kernels;
using Microsoft.Extensions.Logging;

namespace LongWriter.Onnx.Runtime;

/// <summary>Native session options made from ours.</summary>
internal static unsafe class OrtSessionOptions
{
    /// <param name="environment">The environment.</param>
    /// <param name="options">Ours.</param>
    /// <param name="logger">Says which messages are wanted.</param>
    /// <param name="optimizedPath">Where the load saves the graph as it was rewritten, or null.</param>
    public static OrtHandle Create(OrtEnvironment environment, OnnxRuntimeOptions options, ILogger logger, string? optimizedPath = null)
    {
        OrtApi api = environment.Library.Api;
        nint pointer;
        api.Check(api.CreateSessionOptions(&pointer), "Creating session options");
        var handle = new OrtHandle(pointer, api.ReleaseSessionOptions);
        try
        {
            api.Check(api.SetSessionLogSeverityLevel(pointer, (int)OrtSeverities.LowestKept(logger)), "Setting the log level");
            api.Check(api.SetSessionGraphOptimizationLevel(pointer, (int)options.Optimization), $"Setting Optimization to {options.Optimization}");
            api.Check(api.SetInterOpNumThreads(pointer, options.InterOpThreads), $"Setting InterOpThreads to {options.InterOpThreads}");

            api.Check(api.SetIntraOpNumThreads(pointer, options.IntraOpThreads ?? DefaultThreads.Count()), $"Setting IntraOpThreads to {options.IntraOpThreads}");
            Configure(api, pointer, "session.intra_op.allow_spinning", options.AllowSpinning ? "1" : "0");
            foreach ((string key, string value) in options.Configuration)
            {
                Configure(api, pointer, key, value);
            }

            if (optimizedPath is not null)
            {
                fixed (byte* path = Utf8.WritePath(optimizedPath))
                {
                    api.Check(api.SetOptimizedModelFilePath(pointer, path), $"Saving the graph at '{optimizedPath}'");
                }

                foreach ((string key, string value) in PrepackedModel.SavingEntries)
                {
                    Configure(api, pointer, key, value);
                }
            }

            OrtProviders.Append(environment, pointer, options.Provider);
            if (options.Provider == ExecutionProvider.Cpu)
            {
                OperatorLibrary.AddTo(environment.Library, pointer);
            }

            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static void Configure(OrtApi api, nint options, string key, string value)
    {
        fixed (byte* keyBytes = Utf8.Write(key), valueBytes = Utf8.Write(value))
        {
            api.Check(api.AddSessionConfigEntry(options, keyBytes, valueBytes), $"Setting the configuration entry '{key}' to '{value}'");
        }
    }
}
