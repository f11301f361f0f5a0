namespace LongWriter.Writing;

/// <summary>What came of reading a plan: the plan, or what is wrong with it.</summary>
/// <param name="Plan">The plan; null when <paramref name="Problems"/> is not empty.</param>
/// <param name="Problems">Why there is no plan, in the order of the lines; empty when there is one.</param>
/// <param name="Notes">Oddities that were read over, such as numbers that run backwards; they do not prevent the plan.</param>
public sealed record PlanParseResult(
    WritingPlan? Plan, IReadOnlyList<PlanProblem> Problems, IReadOnlyList<PlanProblem> Notes);

/// <summary>One thing that is wrong or odd in the text of a plan.</summary>
/// <param name="Line">The line, from 1; 0 when the text as a whole is the problem.</param>
/// <param name="Text">The line as it stands, without surrounding white space (of JSON: the beginning of the object); empty for line 0.</param>
/// <param name="Message">What is wrong and what was expected: one sentence that can be shown to a model or a user.</param>
public sealed record PlanProblem(int Line, string Text, string Message);
