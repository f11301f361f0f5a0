namespace LongWriter.Writing;

/// <summary>The bounds of a plan's budgets, from the writer's options.</summary>
internal static class PlanBounds
{
    public static PlanBudgetOptions Of(AgentWriterOptions options) => new()
    {
        MinSectionWords = options.MinSectionWords,
        MaxSectionWords = options.MaxSectionWords,
        PreferredSectionWords = Math.Clamp(500, options.MinSectionWords, options.MaxSectionWords),
    };
}
