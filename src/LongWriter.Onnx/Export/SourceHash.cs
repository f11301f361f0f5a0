using LongWriter.Onnx.Model;

namespace LongWriter.Onnx.Export;

/// <summary>Names the source of an export: SHA-256 over config.json and the weight files, each with its name and length before it.</summary>
internal static class SourceHash
{
    public static string Compute(IReadOnlyList<string> weightFiles, CancellationToken cancellationToken)
    {
        string folder = Path.GetDirectoryName(weightFiles[0])!;
        return FileHash.Compute(weightFiles.Order(StringComparer.Ordinal).Prepend(Path.Combine(folder, "config.json")), cancellationToken);
    }
}
