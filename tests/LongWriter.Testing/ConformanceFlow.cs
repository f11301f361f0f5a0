using Microsoft.Extensions.AI;
using static LongWriter.Testing.ChatClientConformance;

namespace LongWriter.Testing;

/// <summary>Checks of concurrency and of early ends.</summary>
internal static class ConformanceFlow
{
    private const int CallCount = 6;

    public static async Task ManyAtOnce(ConformanceSubject subject, CancellationToken cancellationToken)
    {
        var serial = new string[CallCount];
        for (int i = 0; i < CallCount; i++)
        {
            serial[i] = await Ask(i);
        }

        string[] parallel = await Task.WhenAll(Enumerable.Range(0, CallCount).Select(i => Task.Run(() => Ask(i), cancellationToken)));
        for (int i = 0; i < CallCount; i++)
        {
            Require(serial[i] == parallel[i], $"Call {i} among others must give '{serial[i]}' as alone but gives '{parallel[i]}'.");
        }

        Require(serial.Distinct().Count() > 1, $"The {CallCount} prompts must not all have the same reply.");

        Task<string> Ask(int i) => subject.TextAsync(subject.Prompt(i), new ChatOptions { Seed = 100 + i }, cancellationToken);
    }

    public static async Task CancelledBefore(ConformanceSubject subject, CancellationToken cancellationToken)
    {
        var cancelled = new CancellationToken(canceled: true);
        await RequireThrowsAsync<OperationCanceledException>(() => subject.Client.GetResponseAsync(subject.KnownPrompt, null, cancelled));
        await RequireThrowsAsync<OperationCanceledException>(() => subject.ReadAllAsync(subject.KnownPrompt, null, cancelled));
        await subject.RequireUsableAsync(cancellationToken);
    }

    public static async Task CancelledWhileWriting(ConformanceSubject subject, CancellationToken cancellationToken)
    {
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await RequireThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (ChatResponseUpdate update in subject.Client.GetStreamingResponseAsync(subject.EndlessPrompt, null, cancelling.Token))
            {
                Require(update.FinishReason is null, $"A reply without end must not have the finish reason {update.FinishReason}.");
                await cancelling.CancelAsync();
            }
        });
        await RequireIdleAsync(subject, cancellationToken);
    }

    public static async Task CancelledWhileReading(ConformanceSubject subject, CancellationToken cancellationToken)
    {
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<List<ChatResponseUpdate>> call = subject.ReadAllAsync(subject.SilentPrompt!, null, cancelling.Token);
        Require(!call.IsCompleted, $"A reply that does not begin must not be over.");
        await cancelling.CancelAsync();
        await RequireThrowsAsync<OperationCanceledException>(() => call);
        await RequireIdleAsync(subject, cancellationToken);
    }

    public static async Task Abandoned(ConformanceSubject subject, CancellationToken cancellationToken)
    {
        await foreach (ChatResponseUpdate update in subject.Client.GetStreamingResponseAsync(subject.EndlessPrompt, null, cancellationToken))
        {
            Require(update.FinishReason is null, $"A reply without end must not have the finish reason {update.FinishReason}.");
            break;
        }

        await RequireIdleAsync(subject, cancellationToken);
    }

    private static async Task RequireIdleAsync(ConformanceSubject subject, CancellationToken cancellationToken)
    {
        if (subject.Idle is not null)
        {
            await subject.Idle(cancellationToken).WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
        }

        await subject.RequireUsableAsync(cancellationToken);
    }
}
