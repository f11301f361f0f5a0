namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Changes the logits of one request before a token is chosen from them, after penalties and bias. Belongs to one request; called on the engine's
/// thread, after all tokens before were handed to the request's accept. Must not allocate, and must leave at least one logit finite.
/// </summary>
internal interface ILogitsProcessor
{
    /// <param name="logits">One for each token of the vocabulary; changed in place.</param>
    void Process(Span<float> logits);
}
