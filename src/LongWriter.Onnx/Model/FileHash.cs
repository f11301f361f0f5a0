using System.Security.Cryptography;
using System.Text;

namespace LongWriter.Onnx.Model;

/// <summary>SHA-256 over the content of files, each with its name and length before it.</summary>
internal static class FileHash
{
    public static string Compute(IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 20];
        foreach (string path in paths)
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
