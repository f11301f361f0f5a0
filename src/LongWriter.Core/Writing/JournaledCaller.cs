using System.Runtime.CompilerServices;
using LongWriter.Calling;
using Microsoft.Extensions.AI;

namespace LongWriter.Writing;

/// <summary>A call that is answered from the journal when it was completed before.</summary>
/// <param name="Messages">The messages.</param>
/// <param name="Options">The options; not changed.</param>
/// <param name="Attempt">Tells tries with the same messages and options apart.</param>
internal sealed record JournaledCall(IReadOnlyList<ChatMessage> Messages, ChatOptions Options, int Attempt);

/// <summary>Makes calls and records their replies, so that an interrupted run repeats only the call in flight. Safe for concurrent use.</summary>
internal sealed class JournaledCaller(ModelCaller caller, RunJournal journal, string? model, TrunkKeeper trunk)
{
    /// <summary>The call's updates. A reply from the journal comes as one text with <see cref="CallResult.Attempts"/> 0.</summary>
    public async IAsyncEnumerable<CallUpdate> CallAsync(JournaledCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string key = KeyOf(call);
        if (journal.TryFindCall(key, out CallRecord? record))
        {
            yield return new CallText(record.Text);
            yield return new CallCompleted(Recorded(record));
            yield break;
        }

        await trunk.RestoreOnceAsync(cancellationToken).ConfigureAwait(false);
        await foreach (CallUpdate update in caller.CallAsync(new ModelCall(call.Messages, call.Options), cancellationToken).ConfigureAwait(false))
        {
            if (update is CallCompleted { Result: { End: not EndCause.Error } result })
            {
                await journal.AppendAsync(new CallRecord(key, result.Text, result.End, result.Usage, result.ModelId), cancellationToken).ConfigureAwait(false);
                trunk.Note(call, result.Text);
            }

            yield return update;
        }
    }

    /// <summary>Records a call that the writer stopped: its text had run into a loop, or beyond its budget.</summary>
    /// <param name="call">The call.</param>
    /// <param name="text">What came of it.</param>
    /// <param name="end">Why it was stopped.</param>
    /// <param name="usage">What it used, as far as is known: clients report usage at the end of a reply.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>The result as the journal holds it.</returns>
    public async ValueTask<CallResult> StopAsync(JournaledCall call, string text, EndCause end, TokenUsage usage, CancellationToken cancellationToken)
    {
        string key = KeyOf(call);
        if (journal.TryFindCall(key, out CallRecord? known))
        {
            return Recorded(known);
        }

        var record = new CallRecord(key, text, end, usage, model);
        await journal.AppendAsync(record, cancellationToken).ConfigureAwait(false);
        trunk.Note(call, text);
        return Recorded(record) with { Attempts = 1 };
    }

    private static CallResult Recorded(CallRecord record) =>
        new(record.Text, record.End, record.Usage, record.Model, FinishReason: null, Attempts: 0, Failure: null);

    private string KeyOf(JournaledCall call) => CallKey.Of(call.Messages, call.Options, model, call.Attempt);
}
