using Microsoft.Extensions.AI;

namespace LongWriter.Writing;

/// <summary>
/// Keeps what a client on this machine computed for the document in a file beside the journal, so that a run that is resumed does not have it computed again. A file
/// that cannot be written or read costs that time and nothing else: the run goes on without it.
/// </summary>
/// <param name="trunk">The client's capability, or null.</param>
/// <param name="path">The file, or null where there is no place for one.</param>
internal sealed class TrunkKeeper(IDocumentTrunk? trunk, string? path)
{
    public const string FileName = "trunk.kv";

    private bool isKept = trunk is not null && path is not null;
    private bool isRestored;
    private (IReadOnlyList<ChatMessage> Messages, ChatOptions Options)? conversation;

    /// <summary>Before the first call that the journal does not answer.</summary>
    public async ValueTask RestoreOnceAsync(CancellationToken cancellationToken)
    {
        if (isKept && !isRestored)
        {
            isRestored = true;
            await TryAsync(() => trunk!.RestoreAsync(path!, cancellationToken)).ConfigureAwait(false);
        }
    }

    /// <summary>A reply has come; it belongs to the trunk once its section is accepted.</summary>
    public void Note(JournaledCall call, string reply) => conversation = ([.. call.Messages, new ChatMessage(ChatRole.Assistant, reply)], call.Options);

    /// <summary>The section of the last reply was accepted.</summary>
    public async ValueTask SaveAsync(CancellationToken cancellationToken)
    {
        if (isKept && conversation is { } known)
        {
            await TryAsync(() => trunk!.SaveAsync(path!, known.Messages, known.Options, cancellationToken)).ConfigureAwait(false);
        }

        conversation = null;
    }

    /// <summary>The document is complete: nobody will resume it.</summary>
    public async ValueTask ForgetAsync()
    {
        if (isKept)
        {
            await TryAsync(() =>
            {
                File.Delete(path!);
                return Task.FromResult(0);
            }).ConfigureAwait(false);
        }
    }

    private async ValueTask TryAsync(Func<Task<int>> action)
    {
        try
        {
            await action().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Also a chat template that refuses a conversation which ends with a reply: whatever it is, it costs the cache and not the document.
            isKept = false;
        }
    }
}
