using System.Net;

namespace LongWriter;

/// <summary>A plan cannot be read.</summary>
/// <param name="message">What is wrong, in which line.</param>
/// <param name="line">The first unreadable line, from 1; 0 when the text as a whole is the problem.</param>
public sealed class PlanFormatException(string message, int line) : FormatException(message)
{
    /// <summary>The first unreadable line, from 1; 0 when the text as a whole is the problem.</summary>
    public int Line { get; } = line;
}

/// <summary>A prompt does not fit the model's context even after everything that may be dropped was dropped.</summary>
/// <param name="message">What does not fit.</param>
/// <param name="requiredTokens">Tokens needed at least.</param>
/// <param name="availableTokens">Tokens there are.</param>
public sealed class ContextBudgetException(string message, int requiredTokens, int availableTokens) : InvalidOperationException(message)
{
    /// <summary>Tokens needed at least.</summary>
    public int RequiredTokens { get; } = requiredTokens;

    /// <summary>Tokens there are.</summary>
    public int AvailableTokens { get; } = availableTokens;
}

/// <summary>A journal cannot be read, written or continued.</summary>
/// <param name="message">Which journal, where in it, what was found and what was expected.</param>
/// <param name="inner">The cause, or null.</param>
public sealed class JournalException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>A call to a model failed.</summary>
/// <param name="message">What failed.</param>
/// <param name="isTransient">True when the same call may succeed later.</param>
/// <param name="inner">The cause, or null.</param>
public sealed class ModelCallException(string message, bool isTransient, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when the same call may succeed later.</summary>
    public bool IsTransient { get; } = isTransient;

    /// <summary>The HTTP status of the reply, or null when there was none.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>How long the server asked to wait, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
