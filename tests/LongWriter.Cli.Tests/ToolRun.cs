using LongWriter.Testing;

namespace LongWriter.Cli.Tests;

/// <summary>What a run of the tool gave. The test's folder and server are named DIR and SERVER in its texts.</summary>
internal sealed record ToolResult(int Code, string Out, string Error);

/// <summary>A folder of its own, a loopback server with a scripted author, and the tool run in process against it.</summary>
internal sealed class ToolRun : IAsyncDisposable
{
    private ToolRun(LoopbackOpenAIServer server) => Server = server;

    public LoopbackOpenAIServer Server { get; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("longwriter-cli-").FullName;

    /// <summary>Waits between retries pass at once.</summary>
    public ManualTimeProvider Time { get; } = new() { AutoAdvance = true };

    /// <summary>Sent to the tool as its interrupt.</summary>
    public CancellationTokenSource Interrupt { get; } = new();

    public static async Task<ToolRun> StartAsync(Func<LoopbackRequest, LoopbackReply>? script = null) =>
        new(await LoopbackOpenAIServer.StartAsync(script ?? StandInAuthor.Answer));

    public string PathTo(string name) => Path.Combine(Folder, name);

    public string Read(string name) => File.ReadAllText(PathTo(name));

    public void Write(string name, string text) => File.WriteAllText(PathTo(name), text);

    /// <summary>Runs "write" with a model and, where <paramref name="args"/> names none, the file DIR/book.md.</summary>
    public Task<ToolResult> WriteAsync(params string[] args) =>
        RunAsync(["write", .. args, .. args.Contains("--out") ? Array.Empty<string>() : ["--out", PathTo("book.md")]]);

    public async Task<ToolResult> RunAsync(string[] args, bool withModel = true, string input = "")
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var host = new ToolHost(output, error, Terminal: null)
        {
            Time = Time,
            In = new StringReader(input),
            ModelCacheFolder = PathTo("models"),
            DefaultModel = withModel ? new ModelChoice("openai:stand-in", Server.Endpoint) : null,
        };
        int code = await Tool.RunAsync(args, host, Interrupt.Token);
        return new ToolResult(code, Named(output.ToString()), Named(error.ToString()));
    }

    public async ValueTask DisposeAsync()
    {
        Interrupt.Dispose();
        await Server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private string Named(string text) => text
        .Replace(Environment.NewLine, "\n", StringComparison.Ordinal)
        .Replace(Folder, "DIR", StringComparison.Ordinal)
        .Replace(Server.Endpoint.ToString(), "SERVER", StringComparison.Ordinal);
}
