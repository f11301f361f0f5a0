using System.Buffers;

namespace LongWriter.Onnx.Tokenization;

/// <summary>Takes ids as they come. Implemented by structs, so that the encoder is compiled once for each and calls directly.</summary>
internal interface ITokenSink
{
    void Add(ReadOnlySpan<int> ids);
}

internal readonly struct ListSink(List<int> list) : ITokenSink
{
    public void Add(ReadOnlySpan<int> ids) => list.AddRange(ids);
}

internal readonly struct BufferSink(IBufferWriter<int> writer) : ITokenSink
{
    public void Add(ReadOnlySpan<int> ids) => writer.Write(ids);
}

internal struct CountingSink : ITokenSink
{
    public int Count { get; private set; }

    public void Add(ReadOnlySpan<int> ids) => Count += ids.Length;
}
