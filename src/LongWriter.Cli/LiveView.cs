using Spectre.Console;

namespace LongWriter.Cli;

/// <summary>Draws the frame in a terminal, at most ten times a second, and once a second while the model is silent.</summary>
internal sealed class LiveView : IWritingView
{
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromMilliseconds(100);

    private readonly IAnsiConsole terminal;
    private readonly TimeProvider time;
    private readonly LiveFrame frame;
    private readonly TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private readonly Task display;
    private readonly ITimer clock;
    private long lastRefresh;
    private LiveDisplayContext? context;

    public LiveView(IAnsiConsole terminal, TimeProvider time)
    {
        (this.terminal, this.time) = (terminal, time);
        frame = new LiveFrame(time);
        display = terminal.Live(frame.Render(Width, Height)).AutoClear(false).StartAsync(async live =>
        {
            lock (gate)
            {
                context = live;
            }

            await finished.Task.ConfigureAwait(false);
        });
        clock = time.CreateTimer(_ => Tick(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public void Show(WritingUpdate update)
    {
        lock (gate)
        {
            frame.Add(update);
            if (update is not TextDrafted || time.GetElapsedTime(lastRefresh) > RefreshEvery)
            {
                Draw();
            }
        }
    }

    public void Dispose()
    {
        clock.Dispose();
        lock (gate)
        {
            Draw();
            context = null;
        }

        finished.TrySetResult();
        display.Wait();
    }

    private int Width => terminal.Profile.Width;

    private int Height => terminal.Profile.Height;

    private void Tick()
    {
        lock (gate)
        {
            Draw();
        }
    }

    private void Draw()
    {
        lastRefresh = time.GetTimestamp();
        context?.UpdateTarget(frame.Render(Width, Height));
    }
}
