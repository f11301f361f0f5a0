using Polly.Timeout;

namespace LongWriter.Calling;

/// <summary>What an exception means for a call, and how it is told.</summary>
internal static class CallFailure
{
    /// <summary>
    /// True for what another call would meet again, because the code is wrong: it is thrown, not recorded. InvalidOperationException is
    /// not among them, since clients use it for replies they cannot read.
    /// </summary>
    public static bool IsWrongUse(Exception exception) => exception
        is ArgumentException
        or NotSupportedException
        or NotImplementedException
        or NullReferenceException
        or InvalidCastException
        or IndexOutOfRangeException
        or ObjectDisposedException
        or OutOfMemoryException;

    /// <summary>One sentence for a person.</summary>
    public static string Describe(Exception exception, ModelCallOptions options) => exception switch
    {
        TimeoutRejectedException => $"The try took longer than CallTimeout ({options.CallTimeout:c}).",
        TimeoutException or ModelCallException or ContextBudgetException => exception.Message,
        OperationCanceledException => $"The client cancelled the call by itself: {exception.Message}",
        _ => $"{exception.GetType().Name}: {exception.Message}",
    };
}
