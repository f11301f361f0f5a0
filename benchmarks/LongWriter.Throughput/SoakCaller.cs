using System.Collections.Concurrent;
using LongWriter.Onnx;
using Microsoft.Extensions.AI;

namespace LongWriter.Throughput;

/// <summary>One caller of a soak: a seeded sequence of requests, each of which ends in one of several ways.</summary>
/// <param name="client">The client under test.</param>
/// <param name="expected">What each request is answered with.</param>
/// <param name="seed">Which requests, and how they end.</param>
internal sealed class SoakCaller(OnnxChatClient client, string[] expected, int seed)
{
    private readonly Random random = new(seed);

    public int Completed { get; private set; }

    public int BrokenOff { get; private set; }

    public int Refused { get; private set; }

    /// <summary>What should not be, in words.</summary>
    public ConcurrentQueue<string> Wrong { get; } = new();

    public static ChatMessage[] Messages(int request) => [new(ChatRole.User, $"Write a {20 + (5 * (request % 10))}-word story about {request} {(request % 2 == 0 ? "dogs" : "lighthouses")}.")];

    public static ChatOptions Options(int request) => new() { Seed = request, MaxOutputTokens = 20 + (13 * (request % 8)), Temperature = request % 5 == 0 ? 0 : 1 };

    public async Task RunAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            int request = random.Next(expected.Length);
            try
            {
                await (random.Next(8) switch
                {
                    0 => CancelAsync(request),
                    1 => LeaveAsync(request),
                    2 => AskForTooMuchAsync(),
                    _ => ReadAsync(request),
                });
            }
            catch (Exception e)
            {
                Wrong.Enqueue($"Request {request}: {e}");
            }
        }
    }

    private async Task ReadAsync(int request)
    {
        string text = (await client.GetResponseAsync(Messages(request), Options(request))).Text;
        Completed++;
        if (text != expected[request])
        {
            Wrong.Enqueue($"Request {request}: expected '{expected[request]}', found '{text}'.");
        }
    }

    private async Task CancelAsync(int request)
    {
        using var cancellation = new CancellationTokenSource();
        int updates = random.Next(12);
        try
        {
            await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync(Messages(request), Options(request), cancellation.Token))
            {
                if (updates-- == 0)
                {
                    await cancellation.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            BrokenOff++;
        }
    }

    private async Task LeaveAsync(int request)
    {
        int updates = random.Next(12);
        string text = "";
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(Messages(request), Options(request)))
        {
            text += update.Text;
            if (updates-- == 0)
            {
                break;
            }
        }

        BrokenOff++;
        if (!expected[request].StartsWith(text, StringComparison.Ordinal))
        {
            Wrong.Enqueue($"Request {request}: expected the beginning of '{expected[request]}', found '{text}'.");
        }
    }

    private async Task AskForTooMuchAsync()
    {
        try
        {
            await client.GetResponseAsync([new ChatMessage(ChatRole.User, string.Concat(Enumerable.Repeat("one two three ", 4000)))]);
            Wrong.Enqueue("A prompt longer than the context was not refused.");
        }
        catch (ContextBudgetException)
        {
            Refused++;
        }
    }
}
