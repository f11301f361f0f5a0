using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging;

namespace LongWriter.Onnx.Decoding;

/// <summary>Loads graphs whose weights we bring into memory: two over the same weights, which are there once, or one with operators of ours.</summary>
internal static class SessionPair
{
    /// <summary>Whether a graph alone is for <see cref="LoadOne"/>.</summary>
    public static bool IsForOne(GraphFile graph, OnnxRuntimeOptions options) => options.Provider == ExecutionProvider.Cpu && graph.Weights.Any(SharedWeights.ArePacked);

    /// <inheritdoc cref="Load"/>
    public static OrtSession LoadOne(GraphFile graph, string folder, string file, OnnxRuntimeOptions options, ILogger logger)
    {
        using SharedWeights weights = Read(graph, folder, file, options);
        return OrtSession.Load(Path.Combine(folder, file), weights, options, logger);
    }

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
        if (!graph.Weights.Select(Describe).SequenceEqual(GraphFile.Read(Path.Combine(folder, second)).Weights.Select(Describe)))
        {
            throw new ModelFormatException($"{second}: expected the weights of {first}, found others.");
        }

        using SharedWeights weights = Read(graph, folder, first, options);
        OrtSession session = OrtSession.Load(Path.Combine(folder, first), weights, options, logger);
        try
        {
            // It is seldom used, and must not spin beside the other one once its run is over.
            return (session, OrtSession.Load(Path.Combine(folder, second), weights, options.InTurns(), logger));
        }
        catch
        {
            session.Dispose();
            throw;
        }

        static string Describe(StoredTensor tensor) => $"{tensor with { Shape = [] }} {string.Join(",", tensor.Shape)}";
    }

    private static SharedWeights Read(GraphFile graph, string folder, string file, OnnxRuntimeOptions options)
    {
        IReadOnlyList<string> paths = graph.RequireFiles(folder, file);
        if (paths.Count != 2)
        {
            throw new ModelFormatException($"{file}: expected one file of weights, found {paths.Count - 1}.");
        }

        options.Validate();
        return new SharedWeights(OrtEnvironment.Get(options), paths[1], [.. graph.Weights.Where(tensor => tensor.LengthBytes > 0)]);
    }
}
