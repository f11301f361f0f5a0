namespace LongWriter;

/// <summary>A capability of a chat client, found by <c>client.GetService&lt;ITokenCounter&gt;()</c>: counts tokens and knows its context window.</summary>
public interface ITokenCounter
{
    /// <summary>Tokens that prompt and reply may take together.</summary>
    int ContextWindowTokens { get; }

    /// <summary>Tokens of <paramref name="text"/> inside a prompt, template tokens not counted.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The count, 0 or more.</returns>
    int CountTokens(string text);
}

/// <summary>A capability of a chat client, found by <c>client.GetService&lt;IStructuredOutput&gt;()</c>: honours a JSON schema as response format.</summary>
public interface IStructuredOutput
{
    /// <summary>True when a reply to a request with a JSON schema keeps to it.</summary>
    bool SupportsJsonSchema { get; }
}
