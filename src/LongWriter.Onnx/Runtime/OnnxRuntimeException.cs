namespace LongWriter.Onnx.Runtime;

/// <summary>ONNX Runtime failed, is missing, or lacks something that was asked of it.</summary>
/// <param name="message">What was being done and what ONNX Runtime said.</param>
/// <param name="code">The kind of failure.</param>
public sealed class OnnxRuntimeException(string message, OnnxRuntimeErrorCode code) : Exception(message)
{
    /// <summary>The kind of failure.</summary>
    public OnnxRuntimeErrorCode Code { get; } = code;
}
