using LongWriter.Prompts;
using LongWriter.Text;

namespace LongWriter.Writing;

/// <summary>Estimates what a document takes, from the plan and the prompts that would be sent.</summary>
internal static class WritingEstimator
{
    public static WritingEstimate Estimate(WritingRun run, AgentWriterOptions options)
    {
        LengthTarget target = run.Request.Length
            ?? (run.Request.Plan is { } given
                ? LengthTarget.Equal(given.TotalWords, counter: options.Counter)
                : LengthTargetParser.Parse(run.Request.Instruction, options.Counter))
            ?? LengthTarget.Equal(options.DefaultWords, counter: options.Counter);
        StatedParts? stated = run.Request.Plan is null && run.Request.Length is null ? StatedParts.Read(run.Request.Instruction, target, run.Prompts.IsChinese) : null;
        bool isSmall = target.Value <= options.SingleSectionWords;
        bool single = run.Request.Plan is null && stated is null && isSmall;
        WritingPlan plan = run.Request.Plan
            ?? (single
                ? new WritingPlan([new PlannedSection(run.Request.Instruction, target.Value)])
                : stated is not null
                ? StatedParts.Split(stated.Plan, PlanBounds.Of(options), target.Unit)
                : PlanBudget.Even(run.Request.Instruction, target, PlanBounds.Of(options), run.Prompts.IsChinese));
        bool asksForPlan = run.Request.Plan is null && !isSmall;

        int instruction = run.Tokens.Count(PromptWording.Brief(run.Request, run.Request.SourceNotes, run.Prompts.IsChinese));
        int planTokens = run.Tokens.Count(PlanText.Format(plan, run.Prompts.IsChinese));
        int head = instruction + (single ? 0 : planTokens) + Frame(single ? PromptNames.Whole : PromptNames.Open);
        long input = asksForPlan ? instruction + Frame(PromptNames.Plan) : 0;
        long output = asksForPlan ? planTokens : 0;
        long cacheable = 0, text = 0, before = 0;
        foreach (PlannedSection section in plan.Sections)
        {
            // ReplyTokens leaves a quarter of headroom, which an estimate of what comes must not.
            long reply = (long)(run.Tokens.ReplyTokens(section.Words) / 1.25);
            long prompt = Math.Min(head + (options.ParallelSections > 1 ? 0 : text), run.Tokens.PromptTokens(section.Words));
            cacheable += options.ParallelSections > 1 ? Math.Min(head, before) : Math.Min(before, prompt);
            (input, output, text, before) = (input + prompt, output + reply, text + reply, prompt);
        }

        return new WritingEstimate(plan.Sections.Count + (asksForPlan ? 1 : 0), input, cacheable, output);

        // What a prompt takes beside what fills its places.
        int Frame(string prompt) => run.Tokens.Count(run.Prompts[prompt].Render(PromptNames.PlacesOf(prompt).ToDictionary(place => place, _ => "")));
    }
}
