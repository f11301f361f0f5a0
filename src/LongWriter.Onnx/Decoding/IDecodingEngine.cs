namespace LongWriter.Onnx.Decoding;

/// <summary>Token ids in, token ids out. Safe for concurrent use; requests start in the order in which they came.</summary>
internal interface IDecodingEngine : IDisposable
{
    /// <summary>Positions of one sequence, prompt and reply together.</summary>
    int ContextTokens { get; }

    /// <summary>True when a sequence goes on past <see cref="ContextTokens"/>, with the first and the last of its tokens.</summary>
    bool SlidesWindow { get; }

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

    /// <summary>Bytes of the keys and values of one token, as they are read and written here; 0 when this graph's cannot be.</summary>
    int KvTokenBytes { get; }

    /// <summary>What keys and values fit: model, form of export, library. Two engines of the same identity compute the same.</summary>
    string KvIdentity { get; }

    /// <summary>
    /// Copies keys and values of a text that is kept: tensor by tensor, head by head, position by position.
    /// </summary>
    /// <param name="ids">The text as far as it is wanted at all: what a slot keeps beyond it is forgotten.</param>
    /// <param name="from">The first position to copy.</param>
    /// <param name="target">For as many tokens as its length is a multiple of <see cref="KvTokenBytes"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Tokens copied; fewer than there is room for where less is kept.</returns>
    Task<int> ReadKvAsync(ReadOnlyMemory<int> ids, int from, Memory<byte> target, CancellationToken cancellationToken);

    /// <summary>Gives the last tokens of a text their keys and values, as <see cref="ReadKvAsync"/> copied them; those of the tokens before must be kept.</summary>
    /// <param name="ids">The text up to the last of these tokens, at most <see cref="ContextTokens"/>.</param>
    /// <param name="from">The first of these tokens.</param>
    /// <param name="source">Their keys and values.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when what comes before is not kept; then nothing was changed.</returns>
    Task<bool> WriteKvAsync(ReadOnlyMemory<int> ids, int from, ReadOnlyMemory<byte> source, CancellationToken cancellationToken);

    /// <summary>Natural logarithm of the probability of each id given the ids before it. Element 0 is NaN: there is nothing before it.</summary>
    /// <exception cref="ArgumentException">An id is outside the vocabulary, or there is none.</exception>
    /// <exception cref="ContextBudgetException">There are more ids than positions.</exception>
    Task<float[]> LogProbabilitiesAsync(ReadOnlyMemory<int> ids, CancellationToken cancellationToken);
}
