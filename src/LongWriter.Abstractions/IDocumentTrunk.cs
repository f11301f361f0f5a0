using Microsoft.Extensions.AI;

namespace LongWriter;

/// <summary>
/// A capability of a chat client, found by <c>client.GetService&lt;IDocumentTrunk&gt;()</c>: keeps what was computed for a long conversation, its trunk, in a file, so that
/// another process goes on with it without reading it again. Safe for concurrent use; two callers must not use one file at the same time.
/// </summary>
/// <remarks>
/// A trunk is a cache: losing the file costs time and nothing else. It holds the conversation's tokens, so treat it as you treat the text. It fits the model, the
/// form of export and the version of the library that it was made with; others ignore it.
/// </remarks>
public interface IDocumentTrunk
{
    /// <summary>
    /// Writes what the client still keeps of a conversation. A file that holds a beginning of it is continued, so that a growing conversation costs its new part; anything
    /// else is replaced.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="conversation">The messages so far, the last reply included, as they will begin the next call.</param>
    /// <param name="options">Options of the calls, as far as they shape the prompt (instructions, template variables); null for none.</param>
    /// <param name="cancellationToken">Gives up; what the file holds by then is usable.</param>
    /// <returns>Tokens that the file holds; 0 when nothing was kept, or when the client cannot take it out.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    Task<int> SaveAsync(string path, IEnumerable<ChatMessage> conversation, ChatOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Takes a trunk up again: calls that continue its conversation find it computed, with the tokens that it was generated with.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Gives up; what was taken up by then is usable.</param>
    /// <returns>Tokens taken up; 0 when there is no file, or it is another model's. Of a damaged file what stands before the damage.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    Task<int> RestoreAsync(string path, CancellationToken cancellationToken = default);
}
