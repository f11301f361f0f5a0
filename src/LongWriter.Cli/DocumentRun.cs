using LongWriter.Writing;

namespace LongWriter.Cli;

/// <summary>Writes one document into its file, with a journal and a view; says how it ended and how to go on.</summary>
internal sealed class DocumentRun(WriteSettings settings, ToolHost host, AgentWriter writer)
{
    public async Task<int> WriteAsync(WritingRequest request, CancellationToken cancellationToken)
    {
        if (File.Exists(settings.OutputPath) && !settings.Overwrite)
        {
            throw new IOException($"--out: {settings.OutputPath} exists already; choose another file, or give --overwrite to replace it.");
        }

        using var output = new OutputFile(settings.OutputPath);
        using FileWritingJournal journal = await RunFolder.OpenForNewRunAsync(settings, cancellationToken).ConfigureAwait(false);
        return await FollowAsync(writer.WriteStreamingAsync(request, journal, cancellationToken), output).ConfigureAwait(false);
    }

    public async Task<int> ResumeAsync(Func<WritingRequest, WritingRequest> change, CancellationToken cancellationToken)
    {
        (FileWritingJournal opened, WrittenDocument earlier) = await RunFolder.OpenForResumeAsync(settings, cancellationToken).ConfigureAwait(false);
        using FileWritingJournal journal = opened;

        // A file that holds what the journal holds can be written again from it; anything else is somebody's work.
        if (File.Exists(settings.OutputPath) && !settings.Overwrite
            && await File.ReadAllTextAsync(settings.OutputPath, cancellationToken).ConfigureAwait(false) != OutputFile.Content(earlier.Text))
        {
            throw new IOException(
                $"--out: {settings.OutputPath} exists already and is not what the journal holds; choose another file, or give --overwrite to replace it.");
        }

        using var output = new OutputFile(settings.OutputPath);
        return await FollowAsync(writer.ResumeStreamingAsync(journal, change, cancellationToken), output).ConfigureAwait(false);
    }

    private async Task<int> FollowAsync(IAsyncEnumerable<WritingUpdate> updates, OutputFile output)
    {
        DocumentEnded ended;
        try
        {
            ended = await ShowAsync(updates, output).ConfigureAwait(false);
        }
        catch (Exception e) when (ExitCode.For(e) is not null)
        {
            await SayWhatIsKeptAsync(ErrorText.Of(e), output, resumable: true).ConfigureAwait(false);
            return ExitCode.For(e)!.Value;
        }

        if (ended.End == EndCause.Stop)
        {
            output.Complete();
            await host.Error.WriteLineAsync($"Wrote {settings.OutputPath}").ConfigureAwait(false);
            return ExitCode.Done;
        }

        // Without a failure every section is there, and at least one of them is cut: going on would give the same text again.
        await SayWhatIsKeptAsync(
            ended.Failure ?? $"Every section is written, but at least one is not whole: it ended with {ended.End}.",
            output, resumable: ended.Failure is not null).ConfigureAwait(false);
        return ended.End == EndCause.Error ? ExitCode.ModelFailed : ExitCode.Unfinished;
    }

    private async Task<DocumentEnded> ShowAsync(IAsyncEnumerable<WritingUpdate> updates, OutputFile output)
    {
        using IWritingView view = WritingView.For(settings, host);
        DocumentEnded? ended = null;
        await foreach (WritingUpdate update in updates.ConfigureAwait(false))
        {
            if (update is SectionAccepted accepted)
            {
                output.Add(accepted.Section.Text);
            }

            view.Show(update);
            ended = update as DocumentEnded;
        }

        return ended!;
    }

    private async Task SayWhatIsKeptAsync(string reason, OutputFile output, bool resumable)
    {
        await host.Error.WriteLineAsync($"longwriter: {reason}").ConfigureAwait(false);
        if (output.HasText)
        {
            await host.Error.WriteLineAsync($"The text so far is in {output.PartialPath}").ConfigureAwait(false);
        }

        if (resumable)
        {
            await host.Error.WriteLineAsync($"Resume with: {settings.ResumeCommand}").ConfigureAwait(false);
        }
    }
}
