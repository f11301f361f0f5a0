using LongWriter.Prompts;
using LongWriter.Writing;

namespace LongWriter.Cli;

/// <summary>The model that comes with the tool: very small, so that everything runs anywhere; see its README for what it can do.</summary>
internal static class EmbeddedModel
{
    /// <summary>Its name.</summary>
    public const string Name = "longwriter-tiny";

    /// <summary>Beside the program.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "models", Name);

    /// <summary>
    /// Prompts in the forms it was trained on, and sections as short as it writes them. It ends where it likes, so it may be asked often.
    /// </summary>
    public static AgentWriterOptions Suit(AgentWriterOptions options) => options with
    {
        Prompts = PromptStyle.Brief,
        MinSectionWords = 150,
        MaxSectionWords = 400,
        SingleSectionWords = 400,
        MaxPlanRepairs = 4,
        MaxContinuations = 20,
        MaxRewrites = 10,
    };
}
