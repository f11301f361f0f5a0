namespace LongWriter.Cli.Tests;

/// <summary>Counts the events that a server sends over all its replies and says when the moment to kill has come.</summary>
internal sealed class KillGate
{
    private static readonly Task Never = new TaskCompletionSource().Task;
    private int left = int.MaxValue;
    private bool holds;
    private TaskCompletionSource reached = new();

    /// <summary>Ends when the counted event is about to be sent.</summary>
    public Task Reached => reached.Task;

    /// <summary>Starts counting.</summary>
    /// <param name="events">Events still sent.</param>
    /// <param name="holds">True: the one after them is held back until the client is gone, so the call is in flight for sure. False: the reply goes on.</param>
    public void Arm(int events, bool holds)
    {
        reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        this.holds = holds;
        Volatile.Write(ref left, events);
    }

    /// <summary>Lets everything pass.</summary>
    public void Disarm() => Volatile.Write(ref left, int.MaxValue);

    /// <summary>To be awaited before each event.</summary>
    public Task PassAsync()
    {
        if (Interlocked.Decrement(ref left) != -1)
        {
            return Task.CompletedTask;
        }

        reached.SetResult();
        return holds ? Never : Task.CompletedTask;
    }
}
