using LongWriter.Writing;

namespace LongWriter.Cli;

/// <summary>Reads a plan that a user wrote or edited.</summary>
internal static class PlanFile
{
    /// <exception cref="PlanFormatException">The file is not a plan; file, line and what was expected.</exception>
    public static WritingPlan Read(string path)
    {
        PlanParseResult parsed = PlanParser.Parse(File.ReadAllText(path));
        return parsed.Plan ?? throw new PlanFormatException(
            $"{path}: {string.Join(" ", parsed.Problems.Select(problem => problem.Line > 0 ? $"Line {problem.Line}: {problem.Message}" : problem.Message))}",
            parsed.Problems.Count > 0 ? parsed.Problems[0].Line : 0);
    }
}
