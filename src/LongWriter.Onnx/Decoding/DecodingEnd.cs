namespace LongWriter.Onnx.Decoding;

/// <summary>Why a request ended.</summary>
internal enum DecodingEnd
{
    /// <summary>A token of <see cref="DecodingRequest.StopIds"/> was generated.</summary>
    StopToken,

    /// <summary><see cref="DecodingRequest.MaxNewTokens"/> were generated.</summary>
    MaxNewTokens,

    /// <summary>Prompt and generated tokens fill <see cref="IDecodingEngine.ContextTokens"/>, and there is no sliding window.</summary>
    ContextLimit,

    /// <summary>The caller wanted no more.</summary>
    StoppedByCaller,
}
