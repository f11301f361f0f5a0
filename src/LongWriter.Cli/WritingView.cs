namespace LongWriter.Cli;

/// <summary>Shows a run while it goes on. Dispose before printing anything else.</summary>
internal interface IWritingView : IDisposable
{
    void Show(WritingUpdate update);
}

/// <summary>Chooses the view.</summary>
internal static class WritingView
{
    public static IWritingView For(WriteSettings settings, ToolHost host) =>
        settings.Json ? new JsonView(host.Out)
        : host.Terminal is { } terminal ? new LiveView(terminal, host.Time)
        : new PlainView(host.Error, host.Time);
}
