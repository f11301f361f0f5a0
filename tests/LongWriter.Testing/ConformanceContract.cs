using System.Collections;
using System.Reflection;
using Microsoft.Extensions.AI;
using static LongWriter.Testing.ChatClientConformance;

namespace LongWriter.Testing;

/// <summary>Checks of arguments, services and ownership.</summary>
internal static class ConformanceContract
{
    public static async Task NullMessages(ConformanceSubject subject, CancellationToken cancellationToken)
    {
        ArgumentNullException whole = await RequireThrowsAsync<ArgumentNullException>(() => subject.Client.GetResponseAsync((IEnumerable<ChatMessage>)null!, null, cancellationToken));
        Require(whole.ParamName == "messages", $"The parameter must be 'messages' but is '{whole.ParamName}'.");
        ArgumentNullException stream = await RequireThrowsAsync<ArgumentNullException>(() => subject.ReadAllAsync(null!, null, cancellationToken));
        Require(stream.ParamName == "messages", $"The parameter must be 'messages' but is '{stream.ParamName}'.");
    }

    public static async Task Services(ConformanceSubject subject, CancellationToken cancellationToken)
    {
        IChatClient client = subject.Client;
        await RequireThrowsAsync<ArgumentNullException>(() => Task.FromResult(client.GetService(null!)));
        Require(ReferenceEquals(client.GetService(typeof(IChatClient)), client), $"GetService(IChatClient) must be the client.");
        Require(ReferenceEquals(client.GetService(client.GetType()), client), $"GetService of the client's own type must be the client.");
        Require(client.GetService(typeof(IChatClient), "key") is null, $"GetService with a key must be null.");
        Require(client.GetService(typeof(Version)) is null, $"GetService of something unknown must be null.");
        Require(client.GetService(typeof(ChatClientMetadata)) is ChatClientMetadata { ProviderName.Length: > 0 }, $"GetService(ChatClientMetadata) must name the provider.");
    }

    public static async Task NothingIsChanged(ConformanceSubject subject, CancellationToken cancellationToken)
    {
        var options = new ChatOptions { Temperature = 0.5f, TopP = 0.9f, Seed = 7, Instructions = "Be brief.", AdditionalProperties = [], Tools = [] };
        List<ChatMessage> messages = [.. subject.Prompt(1)];
        string before = Describe(options) + Describe(messages);
        await subject.ReadAllAsync(messages, options, cancellationToken);
        string after = Describe(options) + Describe(messages);
        Require(before == after, $"The caller's objects must stay '{before}' but are '{after}'.");
    }

    public static async Task RefusesByName(ConformanceSubject subject, CancellationToken cancellationToken)
    {
        foreach ((string name, ChatOptions options) in subject.RefusedOptions)
        {
            NotSupportedException refusal = await RequireThrowsAsync<NotSupportedException>(() => subject.Client.GetResponseAsync(subject.KnownPrompt, options, cancellationToken));
            Require(refusal.Message.Contains(name, StringComparison.Ordinal), $"The refusal must name {name} but is '{refusal.Message}'.");
        }

        await subject.RequireUsableAsync(cancellationToken);
    }

    public static async Task DisposesTwice(ConformanceSubject subject, CancellationToken cancellationToken)
    {
        await subject.RequireUsableAsync(cancellationToken);
        subject.Client.Dispose();
        subject.Client.Dispose();
    }

    /// <summary>Every public property, lists by their elements.</summary>
    private static string Describe(object? value) => value switch
    {
        null => "null",
        string or ValueType => FormattableString.Invariant($"{value}"),
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Describe))}]",
        _ => $"{value.GetType().Name}({string.Join(", ", value.GetType()
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0)
            .Select(property => $"{property.Name}={Describe(property.GetValue(value))}"))})",
    };
}
