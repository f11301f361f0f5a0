using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace LongWriter.Writing;

/// <summary>
/// Step II with several sections at a time, none of which sees the others' text. Updates still come in document order:
/// those of a later section wait until the ones before it are done. The paper measured coherence 6% lower this way.
/// </summary>
internal static class ParallelSections
{
    public static async IAsyncEnumerable<WritingUpdate> WriteAsync(
        WritingRun run, int degree, DocumentSpan document, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var slots = new SemaphoreSlim(degree);

        // The last section waits for the others: it makes up for what they have over or under.
        int last = run.Planning.Plan.Sections.Count - 1;
        SectionJob[] jobs = [.. Enumerable.Range(0, last).Select(index => new SectionJob(run.NewBlindSectionWriter(index), index))];
        List<Task> tasks = [.. jobs.Select(job => job.RunAsync(slots, document, stop.Token))];
        try
        {
            for (int index = 0; index <= last; index++)
            {
                SectionJob job = index < last ? jobs[index] : new SectionJob(run.NewBlindSectionWriter(last), last);
                if (index == last)
                {
                    tasks.Add(job.RunAsync(slots, document, stop.Token));
                }

                await foreach (WritingUpdate update in job.Updates.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                {
                    if (update is SectionAccepted accepted)
                    {
                        await run.AcceptAsync(job.Writer, accepted.Section, cancellationToken).ConfigureAwait(false);
                    }

                    yield return update;
                }

                run.Usage += job.Writer.Usage;
                if (job.Writer.Accepted is null)
                {
                    (run.End, run.Failure) = (job.Writer.Outcome!.End, $"Section {job.Index + 1} could not be written. {job.Writer.Outcome.Reason}");
                    yield break;
                }
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private sealed class SectionJob(SectionWriter writer, int index)
    {
        private readonly Channel<WritingUpdate> channel = Channel.CreateUnbounded<WritingUpdate>();

        public SectionWriter Writer => writer;

        public int Index => index;

        public ChannelReader<WritingUpdate> Updates => channel.Reader;

        public async Task RunAsync(SemaphoreSlim slots, DocumentSpan document, CancellationToken cancellationToken)
        {
            try
            {
                // Semaphores serve waiters in the order of their arrival, so sections start in document order.
                await slots.WaitAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    using SectionSpan span = document.StartSection(index);
                    await foreach (WritingUpdate update in writer.WriteAsync(cancellationToken).ConfigureAwait(false))
                    {
                        channel.Writer.TryWrite(update);
                    }

                    span.Complete(writer);
                    channel.Writer.Complete();
                }
                finally
                {
                    slots.Release();
                }
            }
            catch (Exception e)
            {
                // The reader of the updates throws it on, in document order.
                channel.Writer.TryComplete(e);
            }
        }
    }
}
