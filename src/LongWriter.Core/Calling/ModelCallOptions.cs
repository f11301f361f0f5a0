using System.Globalization;

namespace LongWriter.Calling;

/// <summary>How one call to a model is made: how often it is tried, how long it may take. Immutable.</summary>
public sealed record ModelCallOptions
{
    // Both bounds are Polly's own: it refuses time-outs outside them.
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Tries of one call, the first included. Range [1, 20]; the default is 5.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>
    /// Time one try may take, from sending the request to the last update. Range [10 ms, 24 h]; the default is 10 minutes.
    /// A reader that stops reading for long enough holds up the try, and that time counts too.
    /// </summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Time between two updates of a stream, and before the first one, after which the try counts as stalled and is tried again.
    /// Range [10 ms, 24 h]; the default is 2 minutes. The reader's own time does not count.
    /// </summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Typical wait before the second try; it about doubles with each further try. Range [0, 24 h]; the default is 2 seconds.</summary>
    public TimeSpan BaseRetryDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Longest wait between two tries. Range [<see cref="BaseRetryDelay"/>, 24 h]; the default is 1 minute.
    /// When a server asks to wait longer than this, the call fails instead of being tried again too early.
    /// </summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Seed of the jitter in the waits: the same seed and call give the same waits. The default is 0.</summary>
    public int RetrySeed { get; init; }

    /// <summary>
    /// True for an exception that is worth another try, besides those known to be: <see cref="ModelCallException"/> that says so, network
    /// failures, time-outs, and the HTTP statuses 408, 425, 429 and 5xx. Null, the default: only those. Called from many threads at once.
    /// </summary>
    public Func<Exception, bool>? IsTransient { get; init; }

    /// <summary>Adds one sentence to <paramref name="errors"/> for each value out of range.</summary>
    internal void Validate(List<string> errors)
    {
        if (MaxAttempts is < 1 or > 20)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"MaxAttempts must be in [1, 20] but is {MaxAttempts}."));
        }

        CheckRange(nameof(CallTimeout), CallTimeout, ShortestTimeout, errors);
        CheckRange(nameof(IdleTimeout), IdleTimeout, ShortestTimeout, errors);
        CheckRange(nameof(BaseRetryDelay), BaseRetryDelay, TimeSpan.Zero, errors);
        CheckRange(nameof(MaxRetryDelay), MaxRetryDelay, TimeSpan.Zero, errors);
        if (MaxRetryDelay < BaseRetryDelay)
        {
            errors.Add($"MaxRetryDelay must be at least BaseRetryDelay ({BaseRetryDelay:c}) but is {MaxRetryDelay:c}.");
        }
    }

    private static void CheckRange(string name, TimeSpan value, TimeSpan shortest, List<string> errors)
    {
        if (value < shortest || value > Longest)
        {
            errors.Add($"{name} must be in [{shortest:c}, {Longest:c}] but is {value:c}.");
        }
    }
}
