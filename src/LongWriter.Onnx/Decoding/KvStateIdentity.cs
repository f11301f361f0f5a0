using System.Security.Cryptography;
using System.Text;
using LongWriter.Onnx.Model;

namespace LongWriter.Onnx.Decoding;

/// <summary>Says what keys and values fit, so that those of another model, export or library are not taken for this one's.</summary>
internal static class KvStateIdentity
{
    /// <summary>A graph whose weights are in it is known by its model's hash; hashing it again would read all of it.</summary>
    private const long LargestGraphBytes = 64 << 20;

    /// <returns>SHA-256 in lower-case hexadecimal digits.</returns>
    public static string Of(ModelManifest manifest, string folder, string libraryVersion)
    {
        string graph = Path.Combine(folder, manifest.Model);
        string graphHash = new FileInfo(graph) is { Exists: true, Length: <= LargestGraphBytes } ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(graph))) : "";
        KvLayout kv = manifest.Kv;
        string described = $"1\n{manifest.SourceSha256}\n{graphHash}\n{manifest.Profile}\n{manifest.Precision}\n{kv.ElementType} {kv.LayerCount} {kv.HeadCount} {kv.HeadDim}\n{libraryVersion}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(described)));
    }
}
