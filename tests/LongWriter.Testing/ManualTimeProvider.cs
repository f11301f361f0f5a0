namespace LongWriter.Testing;

/// <summary>
/// A clock that stands still until a test moves it, or that jumps over short waits by itself. Timers fire once, in the order in
/// which they are due, inside <see cref="Advance"/> or on a pool thread. Safe for concurrent use.
/// </summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<ManualTimer> timers = [];
    private readonly List<(TimeSpan DueTime, TaskCompletionSource Started)> watches = [];
    private DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Delays that were asked for since the start, in order; time-outs among them.</summary>
    public List<TimeSpan> RequestedDelays { get; } = [];

    /// <summary>
    /// When true, the clock jumps to the nearest timer as soon as that is one of at most <see cref="AutoAdvanceLimit"/>, so that
    /// no test waits. A longer timer is a time-out: the clock never passes it by itself.
    /// </summary>
    public bool AutoAdvance { get; init; }

    /// <summary>The longest wait that <see cref="AutoAdvance"/> jumps over. The default is 1 minute.</summary>
    public TimeSpan AutoAdvanceLimit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Timers that are running: 0 when nothing was leaked.</summary>
    public int RunningTimers
    {
        get
        {
            lock (gate)
            {
                return timers.Count;
            }
        }
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <summary>Completes when a timer of this length is running; at once when one is.</summary>
    public Task WhenWaitingAsync(TimeSpan dueTime)
    {
        lock (gate)
        {
            if (timers.Any(timer => timer.DueTime == dueTime))
            {
                return Task.CompletedTask;
            }

            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            watches.Add((dueTime, started));
            return started.Task;
        }
    }

    /// <summary>Moves the clock and fires what is due.</summary>
    public void Advance(TimeSpan by)
    {
        List<ManualTimer> due;
        lock (gate)
        {
            now += by;
            due = [.. timers.Where(timer => timer.Due <= now).OrderBy(timer => timer.Due)];
            timers.RemoveAll(timer => timer.Due <= now);
        }

        foreach (ManualTimer timer in due)
        {
            timer.Fire();
        }

        JumpToNearest();
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private void JumpToNearest()
    {
        if (!AutoAdvance)
        {
            return;
        }

        // On the pool, because CreateTimer returns before its timer may fire; looked up there, because the nearest may have changed.
        ThreadPool.QueueUserWorkItem(_ =>
        {
            ManualTimer? nearest;
            lock (gate)
            {
                nearest = timers.MinBy(timer => timer.Due);
                if (nearest is null || nearest.DueTime > AutoAdvanceLimit)
                {
                    return;
                }

                timers.Remove(nearest);
                now = nearest.Due > now ? nearest.Due : now;
            }

            nearest.Fire();
            JumpToNearest();
        });
    }

    private void Start(ManualTimer timer, TimeSpan dueTime)
    {
        RequestedDelays.Add(dueTime);
        timer.DueTime = dueTime;
        timer.Due = now + dueTime;
        timers.Add(timer);
        foreach ((TimeSpan _, TaskCompletionSource started) in watches.Where(watch => watch.DueTime == dueTime))
        {
            started.SetResult();
        }

        watches.RemoveAll(watch => watch.DueTime == dueTime);
    }

    private sealed class ManualTimer(ManualTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        private bool disposed;

        public TimeSpan DueTime { get; set; }

        public DateTimeOffset Due { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner.gate)
            {
                owner.timers.Remove(this);
                if (disposed)
                {
                    return false;
                }

                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    owner.Start(this, dueTime);
                }
            }

            owner.JumpToNearest();
            return true;
        }

        public void Dispose()
        {
            lock (owner.gate)
            {
                disposed = true;
                owner.timers.Remove(this);
            }

            owner.JumpToNearest();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
