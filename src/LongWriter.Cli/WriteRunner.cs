using System.Globalization;
using LongWriter.Writing;
using Microsoft.Extensions.AI;

namespace LongWriter.Cli;

/// <summary>Runs the write command.</summary>
internal sealed class WriteRunner(WriteSettings settings, ToolConsole console)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        WritingPlan? plan = settings.PlanPath is null ? null : PlanFile.Read(settings.PlanPath);
        using IChatClient client = settings.Model.Open();
        var writer = new AgentWriter(client, settings.Writer);
        if (settings.PlanOnly || settings.DryRun)
        {
            WritingRequest request = settings.Request.ApplyTo(new WritingRequest { Instruction = settings.Instruction! }, plan);
            return settings.PlanOnly
                ? await PrintPlanAsync(writer, request, cancellationToken).ConfigureAwait(false)
                : await PrintEstimateAsync(writer, request).ConfigureAwait(false);
        }

        return await WriteAsync(writer, plan, cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> WriteAsync(AgentWriter writer, WritingPlan? plan, CancellationToken cancellationToken)
    {
        var output = new OutputFile(settings.OutputPath);
        using FileWritingJournal journal = await JournalFolder.OpenAsync(settings, cancellationToken).ConfigureAwait(false);
        using IWritingView view = WritingView.For(settings, console);
        IAsyncEnumerable<WritingUpdate> updates = settings.Resume
            ? writer.ResumeStreamingAsync(journal, recorded => settings.Request.ApplyTo(recorded, plan), cancellationToken)
            : writer.WriteStreamingAsync(
                settings.Request.ApplyTo(new WritingRequest { Instruction = settings.Instruction! }, plan), journal, cancellationToken);
        DocumentEnded? ended = null;
        try
        {
            await foreach (WritingUpdate update in updates.ConfigureAwait(false))
            {
                view.Show(update);
                if (update is SectionAccepted accepted)
                {
                    output.Add(accepted.Section.Text);
                }

                ended = update as DocumentEnded;
            }
        }
        catch (Exception e) when (ExitCode.For(e) is not null)
        {
            view.Dispose();
            output.Abandon();
            await SayHowToResumeAsync(e is OperationCanceledException ? "Stopped." : e.Message).ConfigureAwait(false);
            return ExitCode.For(e)!.Value;
        }

        view.Dispose();
        if (ended!.End == EndCause.Stop)
        {
            output.Complete();
            await console.Error.WriteLineAsync($"Wrote {settings.OutputPath}").ConfigureAwait(false);
            return ExitCode.Done;
        }

        output.Abandon();
        await SayHowToResumeAsync(ended.Failure ?? $"The document is not complete: a section ended with {ended.End}.").ConfigureAwait(false);
        return ended.End == EndCause.Error ? ExitCode.ModelFailed : ExitCode.Unfinished;
    }

    private async Task SayHowToResumeAsync(string reason)
    {
        await console.Error.WriteLineAsync($"longwriter: {reason}").ConfigureAwait(false);
        if (File.Exists(settings.OutputPath + ".partial"))
        {
            await console.Error.WriteLineAsync($"The text so far is in {settings.OutputPath}.partial").ConfigureAwait(false);
        }

        await console.Error.WriteLineAsync($"Resume with: {settings.ResumeCommand}").ConfigureAwait(false);
    }

    private async Task<int> PrintPlanAsync(AgentWriter writer, WritingRequest request, CancellationToken cancellationToken)
    {
        PlanningResult planning = await writer.PlanAsync(request, cancellationToken).ConfigureAwait(false);
        string text = PlanText.Format(planning.Plan, AgentWriter.UnitFor(request) == LengthUnit.Characters);
        await console.Out.WriteLineAsync(text).ConfigureAwait(false);
        await console.Error.WriteLineAsync($"Target: {planning.Target}. Origin: {planning.Origin}.").ConfigureAwait(false);
        foreach (string adjustment in planning.Adjustments)
        {
            await console.Error.WriteLineAsync(adjustment).ConfigureAwait(false);
        }

        return ExitCode.Done;
    }

    private async Task<int> PrintEstimateAsync(AgentWriter writer, WritingRequest request)
    {
        WritingEstimate estimate = writer.Estimate(request);
        await console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"About {estimate.Calls} calls, {estimate.InputTokens} input tokens ({estimate.CacheableInputTokens} of them cacheable), {estimate.OutputTokens} output tokens.")).ConfigureAwait(false);
        return ExitCode.Done;
    }
}
