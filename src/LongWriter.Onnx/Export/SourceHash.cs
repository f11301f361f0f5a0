using System.Security.Cryptography;
using System.Text;

namespace LongWriter.Onnx.Export;

/// <summary>Names the source of an export: SHA-256 over config.json and the weight files, each with its name and length before it.</summary>
internal static class SourceHash
{
    public static string Compute(IReadOnlyList<string> weightFiles, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 20];
        string folder = Path.GetDirectoryName(weightFiles[0])!;
        foreach (string path in weightFiles.Order(StringComparer.Ordinal).Prepend(Path.Combine(folder, "config.json")))
        {
            using FileStream stream = File.OpenRead(path);
            hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{Path.GetFileName(path)}\0{stream.Length}\0")));
            int read;
            while ((read = stream.Read(buffer)) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(buffer, 0, read);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
