namespace LongWriter.Onnx.Decoding;

/// <summary>Keys and values that can be moved from row to row, taken out, and put back.</summary>
internal interface IKvRows
{
    /// <summary>Bytes of the keys and values of one token in all tensors.</summary>
    int BytesPerToken { get; }

    /// <summary>Copies the positions [<paramref name="from"/>, <paramref name="end"/>) of a row: tensor by tensor, head by head.</summary>
    void Read(int row, int from, int end, Span<byte> target);

    /// <summary>Sets what <see cref="Read"/> copied.</summary>
    void Write(int row, int from, int end, ReadOnlySpan<byte> source);

    /// <summary>Lets two rows change places: the first so many positions of each, which are all that is in use.</summary>
    void Swap(int rowA, int tokensA, int rowB, int tokensB);
}
