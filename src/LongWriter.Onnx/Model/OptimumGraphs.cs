namespace LongWriter.Onnx.Model;

/// <summary>Graphs of a folder that has none described: often the same weights at several precisions, in the folder or in its "onnx".</summary>
internal static class OptimumGraphs
{
    private const string SubFolder = "onnx";

    /// <summary>Which of several is taken: unchanged weights first, then 8 bits, 4 bits, and what a CPU has to widen. By name alone, as nothing else tells.</summary>
    private static readonly string[] Preferred =
    [
        "model.onnx", "decoder_model_merged.onnx", "model_quantized.onnx", "model_int8.onnx", "model_uint8.onnx", "model_q4.onnx", "model_bnb4.onnx",
        "model_q4f16.onnx", "model_fp16.onnx", "decoder_model_merged_quantized.onnx", "decoder_model_merged_q4.onnx", "decoder_model_merged_fp16.onnx",
    ];

    /// <summary>Paths in the folder, with '/', in ordinal order.</summary>
    public static IReadOnlyList<string> Find(string folder) =>
    [
        .. Names(folder).Order(StringComparer.Ordinal),
        .. Names(Path.Combine(folder, SubFolder)).Order(StringComparer.Ordinal).Select(name => $"{SubFolder}/{name}"),
    ];

    /// <summary>The graph to load: the one that is named, else the first by preference, else the only one.</summary>
    /// <exception cref="ModelFormatException">There is none, or several that nothing tells apart; the message lists them.</exception>
    public static string Choose(string folder, string? modelFile)
    {
        IReadOnlyList<string> found = Find(folder);
        if (modelFile is not null)
        {
            return File.Exists(Path.Combine(folder, modelFile)) ? modelFile.Replace('\\', '/') : throw new ModelFormatException(
                $"ModelFile: expected a file in '{folder}', found no '{modelFile}' but {List(found)}.");
        }

        foreach (string name in Preferred)
        {
            if (found.FirstOrDefault(path => Path.GetFileName(path) == name) is { } path)
            {
                return path;
            }
        }

        return found.Count == 1 ? found[0] : throw new ModelFormatException(
            $"'{folder}': expected model.onnx or another graph of a known name, or ModelFile to name one, found {List(found)}.");
    }

    /// <exception cref="ArgumentException">The path is no relative one, or leads out of the folder.</exception>
    public static void RequireInside(string modelFile)
    {
        if (modelFile.Length == 0 || Path.IsPathRooted(modelFile) || modelFile.Split('/', '\\').Contains(".."))
        {
            throw new ArgumentException($"ModelFile must name a file inside ModelFolder but is '{modelFile}'.");
        }
    }

    private static IEnumerable<string> Names(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.onnx").Select(path => Path.GetFileName(path)) : [];

    private static string List(IReadOnlyList<string> found) => found.Count == 0 ? "no graph at all" : string.Join(", ", found);
}
