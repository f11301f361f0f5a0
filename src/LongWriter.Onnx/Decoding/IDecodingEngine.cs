namespace LongWriter.Onnx.Decoding;

/// <summary>Token ids in, token ids out. Safe for concurrent use; requests start in the order in which they came.</summary>
internal interface IDecodingEngine : IDisposable
{
    /// <summary>Positions of one sequence, prompt and reply together.</summary>
    int ContextTokens { get; }

    int VocabSize { get; }

    /// <summary>Tokens that end a text, by the model's own word. They stop a request only when it names them in its StopIds.</summary>
    IReadOnlyList<int> EndTokenIds { get; }

    /// <summary>SHA-256 of what the model was exported from, in lower-case hexadecimal digits.</summary>
    string ModelHash { get; }

    /// <summary>
    /// Generates tokens. <paramref name="accept"/> runs on the engine's own thread, once for each generated token that is not a stop token; false stops
    /// the request, an exception fails it. It must not wait for another request of the same engine, and while it runs the others stand still.
    /// </summary>
    /// <exception cref="ArgumentException">The request is invalid; the message has every reason.</exception>
    /// <exception cref="ContextBudgetException">The prompt leaves no room for a token.</exception>
    Task<DecodingResult> DecodeAsync(DecodingRequest request, Func<int, bool> accept, CancellationToken cancellationToken);

    /// <summary>Natural logarithm of the probability of each id given the ids before it. Element 0 is NaN: there is nothing before it.</summary>
    /// <exception cref="ArgumentException">An id is outside the vocabulary, or there is none.</exception>
    /// <exception cref="ContextBudgetException">There are more ids than positions.</exception>
    Task<float[]> LogProbabilitiesAsync(ReadOnlyMemory<int> ids, CancellationToken cancellationToken);
}
