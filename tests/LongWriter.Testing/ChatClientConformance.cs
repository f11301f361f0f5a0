using System.Globalization;
using Microsoft.Extensions.AI;

namespace LongWriter.Testing;

/// <summary>
/// Checks that every chat client of this repository must pass, by name, so that a test project can run them as a theory:
/// <c>[Theory, MemberData(nameof(Checks))] Task Check(string name) => ChatClientConformance.RunAsync(name, CreateAsync, token)</c>.
/// </summary>
public static class ChatClientConformance
{
    private delegate Task Check(ConformanceSubject subject, CancellationToken cancellationToken);

    private static readonly (string Name, ConformanceTraits Needs, Check Run)[] Checks =
    [
        ("null messages", ConformanceTraits.None, ConformanceContract.NullMessages),
        ("services", ConformanceTraits.None, ConformanceContract.Services),
        ("options and messages are left alone", ConformanceTraits.None, ConformanceContract.NothingIsChanged),
        ("unsupported options are refused by name", ConformanceTraits.None, ConformanceContract.RefusesByName),
        ("dispose while idle", ConformanceTraits.None, ConformanceContract.DisposesTwice),
        ("whole reply is the folded stream", ConformanceTraits.None, ConformanceReplies.WholeIsFoldedStream),
        ("finish reason and identity", ConformanceTraits.None, ConformanceReplies.FinishAndIdentity),
        ("usage sums", ConformanceTraits.None, ConformanceReplies.UsageSums),
        ("characters stay whole", ConformanceTraits.None, ConformanceReplies.CharactersStayWhole),
        ("stop strings anywhere", ConformanceTraits.StopSequences, ConformanceReplies.StopStringsAnywhere),
        ("output limit", ConformanceTraits.OutputLimit, ConformanceReplies.OutputLimit),
        ("seed replay", ConformanceTraits.Seeds, ConformanceReplies.SeedReplay),
        ("many calls at once", ConformanceTraits.None, ConformanceFlow.ManyAtOnce),
        ("cancelled before", ConformanceTraits.None, ConformanceFlow.CancelledBefore),
        ("cancelled while it writes", ConformanceTraits.None, ConformanceFlow.CancelledWhileWriting),
        ("cancelled while it reads", ConformanceTraits.SilentPrompt, ConformanceFlow.CancelledWhileReading),
        ("abandoned stream", ConformanceTraits.None, ConformanceFlow.Abandoned),
    ];

    /// <summary>The checks that apply to a client.</summary>
    /// <param name="traits">What it promises.</param>
    public static IEnumerable<string> NamesFor(ConformanceTraits traits) => Checks.Where(check => traits.HasFlag(check.Needs)).Select(check => check.Name);

    /// <summary>Runs one check.</summary>
    /// <param name="name">One of <see cref="NamesFor"/>.</param>
    /// <param name="create">Makes the client.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="ConformanceException">The client does not pass.</exception>
    public static async Task RunAsync(string name, Func<Task<ConformanceSubject>> create, CancellationToken cancellationToken)
    {
        await using ConformanceSubject subject = await create();
        await Checks.Single(check => check.Name == name).Run(subject, cancellationToken);
    }

    internal static void Require(bool condition, FormattableString otherwise)
    {
        if (!condition)
        {
            throw new ConformanceException(otherwise.ToString(CultureInfo.InvariantCulture));
        }
    }

    internal static async Task<TException> RequireThrowsAsync<TException>(Func<Task> action)
        where TException : Exception
    {
        try
        {
            await action();
        }
        catch (TException expected)
        {
            return expected;
        }
        catch (Exception other)
        {
            throw new ConformanceException($"Expected {typeof(TException).Name}, found {other.GetType().Name}: {other.Message}");
        }

        throw new ConformanceException($"Expected {typeof(TException).Name}, found no exception.");
    }

    internal static async Task<List<ChatResponseUpdate>> ReadAllAsync(
        this ConformanceSubject subject, IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in subject.Client.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            updates.Add(update);
        }

        return updates;
    }

    internal static async Task<string> TextAsync(
        this ConformanceSubject subject, IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) =>
        (await subject.Client.GetResponseAsync(messages, options, cancellationToken)).Text;

    /// <summary>The client answers as ever.</summary>
    internal static async Task RequireUsableAsync(this ConformanceSubject subject, CancellationToken cancellationToken)
    {
        string text = await subject.TextAsync(subject.KnownPrompt, null, cancellationToken);
        Require(text == subject.KnownText, $"Afterwards the reply must be '{subject.KnownText}' but is '{text}'.");
    }
}
