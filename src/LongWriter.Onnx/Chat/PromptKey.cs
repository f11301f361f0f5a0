using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace LongWriter.Onnx.Chat;

/// <summary>Stands for the ids of a prompt: their SHA-256.</summary>
internal readonly record struct PromptKey(UInt128 First, UInt128 Second);

/// <summary>Computes the keys of a prompt's beginnings, each id read once.</summary>
internal sealed class PromptKeyBuilder : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int hashedCount;

    /// <summary>The key of <paramref name="ids"/>, which begin with those of the last call.</summary>
    public PromptKey KeyOf(List<int> ids)
    {
        hash.AppendData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(ids)[hashedCount..]));
        hashedCount = ids.Count;
        Span<UInt128> halves = stackalloc UInt128[2];
        hash.GetCurrentHash(MemoryMarshal.AsBytes(halves));
        return new PromptKey(halves[0], halves[1]);
    }

    public void Dispose() => hash.Dispose();
}
