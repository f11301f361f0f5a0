using Microsoft.Extensions.AI;

namespace LongWriter.Scoring.Evaluation;

/// <summary>The model that evaluates. Mirrors the type of this name in Microsoft.Extensions.AI.Evaluation.</summary>
/// <param name="chatClient">The model.</param>
public sealed class ChatConfiguration(IChatClient chatClient)
{
    /// <summary>The model.</summary>
    public IChatClient ChatClient { get; } = chatClient;
}
