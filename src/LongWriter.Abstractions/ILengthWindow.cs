using Microsoft.Extensions.AI;

namespace LongWriter;

/// <summary>
/// A capability of a chat client, found by <c>client.GetService&lt;ILengthWindow&gt;()</c>: holds the length of a reply inside a window while it
/// decodes, by moving the end to a sentence border and never by cutting a sentence. Safe for concurrent use.
/// </summary>
/// <remarks>
/// A reply that the window ends has <see cref="ChatFinishReason.Stop"/>. One whose sentence does not end within a bounded number of words beyond
/// <see cref="LengthWindow.MaximumWords"/>, or which <see cref="ChatOptions.MaxOutputTokens"/> ends first, has <see cref="ChatFinishReason.Length"/>.
/// Stop sequences end a reply wherever they are met, below the minimum too.
/// </remarks>
public interface ILengthWindow
{
    /// <summary>Options whose replies keep to <paramref name="window"/>. Only the client that this capability comes from understands them.</summary>
    /// <param name="options">The options otherwise; not changed. A window that they have already is replaced.</param>
    /// <param name="window">The window of each request that is made with the returned options.</param>
    /// <returns>A clone of <paramref name="options"/> that carries the window.</returns>
    ChatOptions Limit(ChatOptions options, LengthWindow window);
}
