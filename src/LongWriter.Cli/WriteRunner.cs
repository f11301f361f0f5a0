using LongWriter.Writing;
using Microsoft.Extensions.AI;

namespace LongWriter.Cli;

/// <summary>Runs the write command: a document, or only its plan or an estimate.</summary>
internal sealed class WriteRunner(WriteSettings settings, ToolHost host)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        WritingPlan? plan = settings.PlanPath is null ? null : PlanFile.Read(settings.PlanPath);
        using IChatClient client = settings.Model.Open(host, settings.Writer.ParallelSections, cancellationToken);
        var writer = new AgentWriter(client, settings.Writer, timeProvider: host.Time);
        if (settings.Resume)
        {
            return await new DocumentRun(settings, host, writer)
                .ResumeAsync(recorded => settings.Request.ApplyTo(recorded, plan), cancellationToken).ConfigureAwait(false);
        }

        WritingRequest request = settings.Request.ApplyTo(new WritingRequest { Instruction = settings.Instruction! }, plan);

        // Refuses what cannot be written before any file is made.
        WritingEstimate estimate = writer.Estimate(request);
        if (settings.DryRun)
        {
            await host.Out.WriteLineAsync(FormattableString.Invariant(
                $"About {estimate.Calls} calls, {estimate.InputTokens} input tokens ({estimate.CacheableInputTokens} of them cacheable), {estimate.OutputTokens} output tokens.")).ConfigureAwait(false);
            return ExitCode.Done;
        }

        return settings.PlanOnly
            ? await PrintPlanAsync(writer, request, cancellationToken).ConfigureAwait(false)
            : await new DocumentRun(settings, host, writer).WriteAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> PrintPlanAsync(AgentWriter writer, WritingRequest request, CancellationToken cancellationToken)
    {
        PlanningResult planning = await writer.PlanAsync(request, cancellationToken).ConfigureAwait(false);
        if (settings.Json)
        {
            using var view = new JsonView(host.Out);
            view.Show(new PlanReady(planning, Restored: false));
        }
        else
        {
            await host.Out.WriteAsync(PlanText.Format(planning.Plan, AgentWriter.UnitFor(request) == LengthUnit.Characters)).ConfigureAwait(false);
        }

        await host.Error.WriteLineAsync(ProgressText.Plan(planning)).ConfigureAwait(false);
        foreach (string adjustment in planning.Adjustments)
        {
            await host.Error.WriteLineAsync(adjustment).ConfigureAwait(false);
        }

        return ExitCode.Done;
    }
}
