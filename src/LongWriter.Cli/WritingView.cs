namespace LongWriter.Cli;

/// <summary>Shows a run while it goes on. Dispose before printing anything else.</summary>
internal interface IWritingView : IDisposable
{
    void Show(WritingUpdate update);
}

/// <summary>Chooses the view.</summary>
internal static class WritingView
{
    public static IWritingView For(WriteSettings settings, ToolConsole console) =>
        settings.Json ? new JsonView(console.Out)
        : console.Terminal is { } terminal ? new LiveView(terminal, TimeProvider.System)
        : new PlainView(console.Error, TimeProvider.System);
}
