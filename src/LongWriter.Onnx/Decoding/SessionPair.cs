using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging;

namespace LongWriter.Onnx.Decoding;

/// <summary>Loads two graphs over the same weights, which are in memory once.</summary>
internal static class SessionPair
{
    /// <summary>A session that is seldom used must not spin beside the other one once its run is over.</summary>
    private static readonly KeyValuePair<string, string> StopSpinning = new("session.force_spinning_stop", "1");

    /// <param name="folder">Where both are.</param>
    /// <param name="first">File of the one that is used most.</param>
    /// <param name="second">File of the other one.</param>
    /// <param name="options">How they run.</param>
    /// <param name="logger">Told what the library says.</param>
    /// <exception cref="ModelFormatException">A file is missing or too short, or the weights are not the same.</exception>
    /// <exception cref="OnnxRuntimeException">The native library is missing or cannot load a graph.</exception>
    public static (OrtSession First, OrtSession Second) Load(string folder, string first, string second, OnnxRuntimeOptions options, ILogger logger)
    {
        GraphFile graph = GraphFile.Read(Path.Combine(folder, first));
        IReadOnlyList<string> paths = graph.RequireFiles(folder, first);
        if (!graph.Weights.Select(Describe).SequenceEqual(GraphFile.Read(Path.Combine(folder, second)).Weights.Select(Describe)))
        {
            throw new ModelFormatException($"{second}: expected the weights of {first}, found others.");
        }

        if (paths.Count != 2)
        {
            throw new ModelFormatException($"{first}: expected one file of weights beside {second}, found {paths.Count - 1}.");
        }

        options.Validate();
        using var weights = new SharedWeights(OrtEnvironment.Get(options), paths[1], [.. graph.Weights.Where(tensor => tensor.LengthBytes > 0)]);
        OrtSession session = OrtSession.Load(paths[0], weights, options, logger);
        try
        {
            OnnxRuntimeOptions quiet = options with { Configuration = new Dictionary<string, string>(options.Configuration.Append(StopSpinning)) };
            return (session, OrtSession.Load(Path.Combine(folder, second), weights, quiet, logger));
        }
        catch
        {
            session.Dispose();
            throw;
        }

        static string Describe(StoredTensor tensor) => $"{tensor with { Shape = [] }} {string.Join(",", tensor.Shape)}";
    }
}
