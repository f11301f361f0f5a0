using LongWriter.Prompts;
using LongWriter.Writing;
using Microsoft.Extensions.AI;

namespace LongWriter.Integration.Tests;

/// <summary>What the tests write, and how.</summary>
internal static class Documents
{
    private static readonly string[] Points =
    [
        "the fog", "the lamp", "a letter", "the storm", "a boat", "the rope", "her father", "the stairs", "a bell", "the night",
        "the keys", "a stranger", "the fire", "old songs", "the gulls", "a promise", "the tide", "the rescue", "the morning", "the way home",
    ];

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A plan of sections of these words, so that no planning call is made.</summary>
    public static WritingRequest Planned(int sections, int words, long seed) => new()
    {
        Instruction = "Write a story about a lighthouse.",
        Plan = new WritingPlan([.. Enumerable.Range(0, sections).Select(i => new PlannedSection(Points[i % Points.Length], words))]),
        Seed = seed,
    };

    /// <summary>The wording that the model was trained on, and one call for each section.</summary>
    public static AgentWriterOptions Options(ChatOptions? chat = null) => new()
    {
        Prompts = PromptStyle.Brief,
        MinSectionWords = 100,
        MaxSectionWords = 300,
        SingleSectionWords = 0,
        MaxContinuations = 0,
        ChatOptions = chat,
    };

    public static void Print(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
