using System.ClientModel.Primitives;

namespace LongWriter.OpenAI;

/// <summary>The connections of all clients that were not given an HTTP client of their own.</summary>
internal static class SharedTransport
{
    /// <summary>Lives as long as the process, like the package's own.</summary>
    public static HttpClientPipelineTransport Instance { get; } = new(new HttpClient(new SocketsHttpHandler
    {
        // A reply abandoned half-way is first read on for this long, in the hope of saving the connection. The default of 2 seconds would keep a
        // model writing for nobody; the end of a complete reply, for which the wait is meant, follows its last event at once.
        ResponseDrainTimeout = TimeSpan.FromMilliseconds(100),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(30),
    })
    {
        // NetworkTimeout is what limits a call; a limit on the whole reply would cut long documents.
        Timeout = Timeout.InfiniteTimeSpan,
    });
}
