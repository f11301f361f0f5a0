using System.Runtime.CompilerServices;

namespace LongWriter.Writing;

/// <summary>Step II as the paper has it: each section sees the text before it.</summary>
internal static class SequentialSections
{
    public static async IAsyncEnumerable<WritingUpdate> WriteAsync(
        WritingRun run, DocumentSpan document, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int index = 0; index < run.Planning.Plan.Sections.Count; index++)
        {
            if (await run.SummariseAsync(index, cancellationToken).ConfigureAwait(false) is { } note)
            {
                yield return note;
            }

            SectionWriter writer = run.NewSectionWriter(index);
            using SectionSpan span = document.StartSection(index);
            await foreach (WritingUpdate update in writer.WriteAsync(cancellationToken).ConfigureAwait(false))
            {
                if (update is SectionAccepted accepted)
                {
                    // On record before the reader hears of it: what a reader has seen accepted is never lost.
                    await run.AcceptAsync(writer, accepted.Section, cancellationToken).ConfigureAwait(false);
                }

                yield return update;
            }

            run.Usage += writer.Usage;
            span.Complete(writer);
            if (writer.Accepted is null)
            {
                (run.End, run.Failure) = (writer.Outcome!.End, $"Section {index + 1} could not be written. {writer.Outcome.Reason}");
                yield break;
            }

            if (await run.ReplanAsync(cancellationToken).ConfigureAwait(false) is { } revised)
            {
                yield return revised;
            }
        }
    }
}
