namespace LongWriter.Throughput;

/// <summary>A way to write a document of sections.</summary>
/// <param name="Key">On the command line.</param>
/// <param name="Name">In tables.</param>
/// <param name="IsConversation">Sections are turns; else each prompt holds the text.</param>
/// <param name="IsKept">What was computed is used again.</param>
internal sealed record DocumentWay(string Key, string Name, bool IsConversation, bool IsKept)
{
    /// <summary>How the writer asks.</summary>
    public static DocumentWay Conversation { get; } = new("conversation", "conversation, kept", IsConversation: true, IsKept: true);

    public static IReadOnlyList<DocumentWay> All { get; } =
    [
        Conversation,
        new("paper", "single prompt, not kept", IsConversation: false, IsKept: false),
        new("paper-kept", "single prompt, kept", IsConversation: false, IsKept: true),
    ];

    public static IReadOnlyList<string> Keys { get; } = [.. All.Select(way => way.Key)];
}
