using System.Runtime.CompilerServices;
using System.Text;
using LongWriter.Calling;
using LongWriter.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Core.Tests.Calling;

/// <summary>Makes the same call on both paths, streaming and folded, and checks what holds for every call.</summary>
internal static class CallProbe
{
    public static readonly ModelCall Call = new([new ChatMessage(ChatRole.User, "Write.")]);

    public static ModelCaller Caller(
        IChatClient client, ModelCallOptions? options = null, TimeProvider? time = null, ILogger? logger = null) =>
        new(client, options ?? new ModelCallOptions(), time ?? new ManualTimeProvider { AutoAdvance = true }, logger ?? NullLogger.Instance);

    /// <summary>One script per path, because a script may count its calls.</summary>
    public static async Task<List<CallUpdate>> BothAsync(Func<ScriptedChatClient> client, ModelCallOptions? options = null, ModelCall? call = null)
    {
        List<CallUpdate> updates = await StreamAsync(Caller(client(), options), call);
        CallResult folded = await Caller(client(), options).CompleteAsync(call ?? Call, TestContext.Current.CancellationToken);
        Assert.Equal(Result(updates), folded);
        return updates;
    }

    public static Task<List<CallUpdate>> BothAsync(
        Func<ScriptedCall, CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> script, ModelCallOptions? options = null, ModelCall? call = null) =>
        BothAsync(() => new ScriptedChatClient(script), options, call);

    public static async Task<List<CallUpdate>> StreamAsync(ModelCaller caller, ModelCall? call = null)
    {
        List<CallUpdate> updates = [];
        var shown = new StringBuilder();
        await foreach (CallUpdate update in caller.CallAsync(call ?? Call, TestContext.Current.CancellationToken))
        {
            updates.Add(update);
            shown.Length -= update is CallRestarted restarted ? restarted.CharCount : update is CallRetracted retracted ? retracted.CharCount : 0;
            shown.Append((update as CallText)?.Delta);
        }

        Assert.IsType<CallCompleted>(updates[^1]);
        Assert.Single(updates.OfType<CallCompleted>());
        Assert.All(updates.OfType<CallText>(), text => Assert.NotEqual("", text.Delta));
        Assert.Equal(Result(updates).Text, shown.ToString());
        return updates;
    }

    public static CallResult Result(List<CallUpdate> updates) => ((CallCompleted)updates[^1]).Result;

    public static ChatResponseUpdate Text(string text) => new(ChatRole.Assistant, text);

    public static ChatResponseUpdate Finish(string reason) => new(ChatRole.Assistant, (string?)null) { FinishReason = new ChatFinishReason(reason) };

    public static ChatResponseUpdate Usage(long input, long cached, long output) => new(
        ChatRole.Assistant,
        [new UsageContent(new UsageDetails { InputTokenCount = input, CachedInputTokenCount = cached, OutputTokenCount = output })]);

    public static async IAsyncEnumerable<ChatResponseUpdate> Reply(params ChatResponseUpdate[] updates)
    {
        foreach (ChatResponseUpdate update in updates)
        {
            await Task.Yield();
            yield return update;
        }
    }

    /// <summary>Some text and then a failure.</summary>
    public static async IAsyncEnumerable<ChatResponseUpdate> Broken(Exception failure, params ChatResponseUpdate[] before)
    {
        await foreach (ChatResponseUpdate update in Reply(before))
        {
            yield return update;
        }

        throw failure;
    }

    /// <summary>Some text and then nothing, until cancelled; a quiet one ends without an exception.</summary>
    public static async IAsyncEnumerable<ChatResponseUpdate> Stalled(
        TaskCompletionSource stalled, string before, bool quiet = false, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        yield return Text(before);
        stalled.TrySetResult();
        Task wait = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        await wait.ConfigureAwait(quiet ? ConfigureAwaitOptions.SuppressThrowing : ConfigureAwaitOptions.None);
    }

    public static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
