using System.Net;

namespace LongWriter.Calling;

/// <summary>Which failures are worth another try.</summary>
internal sealed class RetryRules(ModelCallOptions options)
{
    /// <summary>True when the call may succeed later and the server does not ask for more patience than allowed.</summary>
    public bool MayRetry(Exception exception) => IsTransient(exception) && !AsksToWaitTooLong(exception, out _);

    /// <summary>True when a transient failure comes with a wait above <see cref="ModelCallOptions.MaxRetryDelay"/>.</summary>
    public bool AsksToWaitTooLong(Exception exception, out TimeSpan asked)
    {
        asked = (exception as ModelCallException)?.RetryAfter ?? TimeSpan.Zero;
        return asked > options.MaxRetryDelay && IsTransient(exception);
    }

    // An OperationCanceledException that reaches this point is not the caller's: HttpClient reports its own time-out as one.
    private bool IsTransient(Exception exception) =>
        exception switch
        {
            ModelCallException call => call.IsTransient,
            HttpRequestException http => http.StatusCode is not { } status || IsTransient(status),
            IOException or TimeoutException or Polly.Timeout.TimeoutRejectedException or OperationCanceledException => true,
            _ => false,
        }
        || options.IsTransient?.Invoke(exception) == true;

    private static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status is 425 or (>= 500 and <= 599);
}
