using System.Runtime.InteropServices;

namespace LongWriter.Onnx.Runtime;

/// <summary>Key and value pairs as two arrays of native strings, as provider options are passed.</summary>
internal sealed unsafe class NativeOptions : IDisposable
{
    private readonly nint[] texts;

    public NativeOptions(IEnumerable<KeyValuePair<string, string>> options)
    {
        KeyValuePair<string, string>[] pairs = [.. options];
        Count = (nuint)pairs.Length;
        texts = [.. pairs.Select(pair => Marshal.StringToCoTaskMemUTF8(pair.Key)), .. pairs.Select(pair => Marshal.StringToCoTaskMemUTF8(pair.Value))];
        Keys = (byte**)NativeMemory.AllocZeroed((nuint)Math.Max(1, texts.Length), (nuint)sizeof(nint));
        texts.CopyTo(new Span<nint>(Keys, texts.Length));
    }

    public nuint Count { get; }

    public byte** Keys { get; private set; }

    public byte** Values => Keys + Count;

    public void Dispose()
    {
        foreach (nint text in texts)
        {
            Marshal.FreeCoTaskMem(text);
        }

        NativeMemory.Free(Keys);
        Keys = null;
        Array.Clear(texts);
    }
}
