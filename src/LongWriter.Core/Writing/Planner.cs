using System.Runtime.CompilerServices;
using LongWriter.Prompts;
using LongWriter.Text;
using Microsoft.Extensions.AI;

namespace LongWriter.Writing;

/// <summary>Step I: from the request to a plan whose budgets add up to the target. For one use.</summary>
internal sealed class Planner(
    WritingRequest request, AgentWriterOptions options, PromptSet prompts, TokenBudget tokens, JournaledCaller calls, bool structured)
{
    /// <summary>Fewer readable lines than this are no plan.</summary>
    private const int MinSalvagedSections = 3;

    private readonly List<string> adjustments = [];
    private TokenUsage usage;
    private StatedParts? stated;

    // A plan that the user gave says its length by itself; only an explicit length overrides it.
    private readonly LengthTarget? target = request.Length
        ?? (request.Plan is null ? LengthTargetParser.Parse(request.Instruction, options.Counter) : null);

    /// <summary>The plan, once <see cref="PlanAsync"/> has ended.</summary>
    public PlanningResult? Planning { get; private set; }

    /// <summary>True when no call was made.</summary>
    public bool Restored { get; private set; } = true;

    /// <summary>Makes the plan.</summary>
    /// <returns>What happened on the way.</returns>
    /// <exception cref="PlanFormatException">There is no usable plan, and the policy is to fail.</exception>
    /// <exception cref="ModelCallException">The planning call failed.</exception>
    public async IAsyncEnumerable<WritingNoted> PlanAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        stated = target is null || request.Length is not null ? null : StatedParts.Read(request.Instruction, target, prompts.IsChinese);
        if (request.Plan is { } given)
        {
            Finish(given, PlanOrigin.User, keepSections: true);
        }
        else if (stated is not null && target!.Value <= options.SingleSectionWords)
        {
            Finish(stated.Plan, PlanOrigin.Stated, keepSections: true);
        }
        else if (target is not null && target.Value <= options.SingleSectionWords)
        {
            Finish(new WritingPlan([new PlannedSection(request.Instruction.Trim(), target.Value)]), PlanOrigin.SingleSection, keepSections: true);
        }
        else
        {
            await foreach (WritingNoted note in AskAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return note;
            }
        }

        foreach (string adjustment in adjustments)
        {
            yield return new WritingNoted(WritingNoteKind.PlanAdjusted, null, adjustment);
        }
    }

    private async IAsyncEnumerable<WritingNoted> AskAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var asker = new PlanAsker(request, target, options, prompts, tokens, calls, structured);
        var messages = new List<ChatMessage> { new(ChatRole.User, FirstPrompt(asker.PromptTokens)) };
        string problem = "";
        for (int attempt = 0; attempt <= options.MaxPlanRepairs; attempt++)
        {
            await foreach (WritingNoted note in asker.AskAsync(messages, attempt, cancellationToken).ConfigureAwait(false))
            {
                yield return note;
            }

            (usage, Restored) = (asker.Usage, asker.Restored);
            PlanParseResult parsed = PlanParser.Parse(asker.Reply);
            if (parsed.Plan is { } plan)
            {
                adjustments.AddRange(asker.LeftOut is { } surplus ? [surplus] : []);
                Finish(plan, attempt == 0 ? PlanOrigin.Model : PlanOrigin.Repaired, keepSections: false);
                yield break;
            }

            problem = string.Join("\n", parsed.Problems.Take(5).Select(found => found.Line > 0 ? $"Line {found.Line}: {found.Message}" : found.Message));
            yield return new WritingNoted(WritingNoteKind.PlanRepair, null, $"The plan could not be read. {problem}");
            messages = Repair(messages[0], asker, problem);
        }

        if (options.PlanFallback == PlanFallback.Fail)
        {
            throw new PlanFormatException($"The model gave no usable plan in {Tries}. {problem}", 0);
        }

        if (Salvage(asker.Reply, out int leftOut) is { } rest)
        {
            adjustments.Add($"The model gave no wholly usable plan in {Tries}, so {leftOut} unreadable {(leftOut == 1 ? "line" : "lines")} of the last one {(leftOut == 1 ? "was" : "were")} left out.");
            Finish(rest, PlanOrigin.Repaired, keepSections: false);
            yield break;
        }

        adjustments.Add($"The model gave no usable plan in {Tries}, so an even one was made from the instruction.");
        Finish(EvenPlan(), PlanOrigin.Even, keepSections: false);
    }

    /// <summary>The plan in the last reply without the lines that cannot be read; null where these are not few against those that can.</summary>
    private static WritingPlan? Salvage(string reply, out int leftOut)
    {
        PlanParseResult broken = PlanParser.Parse(reply);
        HashSet<int> unreadable = [.. broken.Problems.Select(problem => problem.Line)];
        leftOut = unreadable.Count;
        string readable = string.Join('\n', reply.Split('\n').Where((_, index) => !unreadable.Contains(index + 1)));
        return PlanParser.Parse(readable).Plan is { } plan && plan.Sections.Count >= MinSalvagedSections && plan.Sections.Count > 2 * leftOut ? plan : null;
    }

    /// <summary>Says what was wrong with a reply. An empty one, or one for which there is no room, is just asked for again.</summary>
    private List<ChatMessage> Repair(ChatMessage first, PlanAsker asker, string problem)
    {
        string repair = prompts[PromptNames.PlanRepair].Render(("PROBLEM", problem));
        int room = asker.PromptTokens - tokens.Count(first.Text) - tokens.Count(repair) - (3 * TokenBudget.TokensPerMessage);
        string shown = TextCut.Head(asker.Reply, Math.Clamp(room, 0, tokens.WindowTokens / 4), tokens);
        return string.IsNullOrWhiteSpace(shown)
            ? [first]
            : [first, new ChatMessage(ChatRole.Assistant, shown), new ChatMessage(ChatRole.User, repair)];
    }

    private string FirstPrompt(int available)
    {
        // A quarter of the window is plenty for the notes.
        string notes = TextCut.Head(request.SourceNotes ?? "", tokens.WindowTokens / 4, tokens);
        List<(string Place, string Value)> places =
        [
            ("INST", PromptWording.Brief(request, notes, prompts.IsChinese)),
            ("LENGTH", target is null ? PromptWording.OpenLength(prompts.IsChinese) : PromptWording.Length(target, prompts.IsChinese)),
            ("MIN", $"{options.MinSectionWords}"),
            ("MAX", $"{options.MaxSectionWords}"),
        ];
        if (!structured)
        {
            places.Add(("COUNT", $"{MiddlingSections}"));
        }

        string prompt = prompts[structured ? PromptNames.PlanJson : PromptNames.Plan].Render([.. places]);
        int needed = tokens.Count(prompt) + TokenBudget.TokensPerMessage;
        return needed <= available ? prompt : throw new ContextBudgetException(
            $"The planning prompt takes {needed} tokens, but the model's context of {tokens.WindowTokens} tokens leaves {available}; "
            + "shorten the instruction, move parts of it to the source notes, or give a plan.", needed, available);
    }

    /// <summary>How many sections of the middle of what a section may have make up the length: a number that a small model can keep to.</summary>
    private int MiddlingSections
    {
        get
        {
            int middle = (options.MinSectionWords + options.MaxSectionWords) / 2;
            return Math.Max(1, ((target?.Value ?? options.DefaultWords) + middle - 1) / middle);
        }
    }

    private WritingPlan EvenPlan() => PlanBudget.Even(
        request.Instruction, target ?? LengthTarget.Equal(options.DefaultWords, Unit, options.Counter), Bounds, prompts.IsChinese);

    private void Finish(WritingPlan plan, PlanOrigin origin, bool keepSections)
    {
        LengthTarget aim = target ?? LengthTarget.Equal(Math.Min(plan.TotalWords, LengthTarget.MaxValue), Unit, options.Counter);
        if (stated is not null)
        {
            bool fits = origin is PlanOrigin.Model or PlanOrigin.Repaired && plan.Sections.Count == stated.Plan.Sections.Count;
            adjustments.Add($"The instruction states the lengths of {stated.Plan.Sections.Count} parts, which they keep.");
            (plan, origin, keepSections) = (StatedParts.Split(stated.Over(fits ? plan : null), Bounds, aim.Unit), fits ? origin : PlanOrigin.Stated, true);
        }

        PlanBudgetResult scaled = PlanBudget.Rescale(plan, aim, Bounds with { KeepSections = keepSections });
        adjustments.AddRange(scaled.Adjustments);
        Planning = new PlanningResult(scaled.Plan, origin, aim, usage, [.. adjustments]);
    }

    private string Tries => options.MaxPlanRepairs == 0 ? "1 try" : $"{options.MaxPlanRepairs + 1} tries";

    private LengthUnit Unit => target?.Unit ?? (prompts.IsChinese ? LengthUnit.Characters : LengthUnit.Words);

    private PlanBudgetOptions Bounds => PlanBounds.Of(options);
}
