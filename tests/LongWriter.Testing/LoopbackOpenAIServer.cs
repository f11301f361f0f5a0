using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LongWriter.Testing;

/// <summary>
/// A real HTTP server on the loopback interface that speaks OpenAI's chat completions and whose replies a test writes: one function from request
/// to reply or misbehaviour. Writes nothing to the console. Safe for concurrent use.
/// </summary>
public sealed class LoopbackOpenAIServer : IAsyncDisposable
{
    private readonly Func<LoopbackRequest, LoopbackReply> script;
    private readonly IReadOnlyList<string> models;
    private readonly WebApplication application;
    private readonly CancellationTokenSource closing = new();
    private readonly ConcurrentQueue<LoopbackRequest> requests = new();
    private readonly Dictionary<string, int> attempts = [];
    private readonly Lock gate = new();
    private int clientsLeft;

    private LoopbackOpenAIServer(Func<LoopbackRequest, LoopbackReply> script, IReadOnlyList<string> models, int port)
    {
        this.script = script;
        this.models = models;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        application = builder.Build();
        application.Run(HandleAsync);
    }

    /// <summary>The base address, "/v1" included.</summary>
    public Uri Endpoint { get; private set; } = null!;

    /// <summary>What was asked so far, in the order of arrival.</summary>
    public IReadOnlyList<LoopbackRequest> Requests => [.. requests];

    /// <summary>Clients that closed the connection before their reply was over.</summary>
    public int ClientsLeft => Volatile.Read(ref clientsLeft);

    /// <summary>Starts a server.</summary>
    /// <param name="script">From request to reply; called on many threads at once. An exception becomes an answer of 500 that quotes it.</param>
    /// <param name="models">What GET /v1/models lists; "loopback" by default.</param>
    /// <param name="port">The port; 0 takes a free one.</param>
    public static async Task<LoopbackOpenAIServer> StartAsync(
        Func<LoopbackRequest, LoopbackReply> script, IReadOnlyList<string>? models = null, int port = 0)
    {
        var server = new LoopbackOpenAIServer(script, models ?? ["loopback"], port);
        await server.application.StartAsync();
        string address = server.application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        server.Endpoint = new Uri(address + "/v1");
        return server;
    }

    /// <summary>Starts a server that answers with texts.</summary>
    public static Task<LoopbackOpenAIServer> StartAsync(Func<LoopbackRequest, string> script) =>
        StartAsync(request => LoopbackReply.Write(script(request)));

    /// <summary>Ends all replies and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();

        // Already cancelled: do not wait for clients that keep their connection open.
        await application.StopAsync(new CancellationToken(canceled: true));
        await application.DisposeAsync();
        closing.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        switch (context.Request.Method, context.Request.Path.Value)
        {
            case ("POST", "/v1/chat/completions"):
                await CompleteAsync(context);
                break;
            case ("GET", "/v1/models"):
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync(LoopbackJson.Models(models));
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync(LoopbackJson.Error($"There is no {context.Request.Method} {context.Request.Path}.", "not_found"));
                break;
        }
    }

    private async Task CompleteAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        LoopbackRequest request = Record(await reader.ReadToEndAsync(context.RequestAborted), context.Request.Headers);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, closing.Token);
        LoopbackReply reply = Ask(request);
        try
        {
            await new LoopbackReplyWriter(context, request, reply, leaving.Token).WriteAsync();
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            if (!closing.IsCancellationRequested)
            {
                Interlocked.Increment(ref clientsLeft);
                request.MarkClientLeft();
            }

            context.Abort();
        }
    }

    private LoopbackRequest Record(string json, IHeaderDictionary headers)
    {
        var plainHeaders = headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        lock (gate)
        {
            int attempt = attempts[json] = attempts.GetValueOrDefault(json) + 1;
            var request = new LoopbackRequest(requests.Count, attempt, json, plainHeaders);
            requests.Enqueue(request);
            return request;
        }
    }

    private LoopbackReply Ask(LoopbackRequest request)
    {
        try
        {
            return script(request);
        }
        catch (Exception failure)
        {
            return LoopbackReply.Error(500, $"The script failed: {failure.Message}");
        }
    }

    /// <summary>Leaves Ctrl+C and signals to the program that hosts the server; the default would take them.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
