using System.Globalization;
using System.Runtime.CompilerServices;

namespace LongWriter.Calling;

/// <summary>Ends a stream that stalls.</summary>
internal static class IdleTimeout
{
    /// <summary>Passes the items of a stream on; only the time the stream takes for the next item counts, not the reader's.</summary>
    /// <param name="open">Opens the stream with the token that ends it.</param>
    /// <param name="limit">Longest wait for an item, the first included.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the stream from outside.</param>
    /// <exception cref="TimeoutException">No item came in time.</exception>
    public static async IAsyncEnumerable<T> WatchAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> open,
        TimeSpan limit,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var idle = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, idle.Token);
        IAsyncEnumerator<T> items = open(either.Token).GetAsyncEnumerator(either.Token);
        await using ConfiguredAsyncDisposable disposal = items.ConfigureAwait(false);
        while (true)
        {
            bool more;
            idle.CancelAfter(limit);
            try
            {
                more = await items.MoveNextAsync().ConfigureAwait(false);
                idle.CancelAfter(Timeout.InfiniteTimeSpan);
            }
            catch (Exception exception) when (idle.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw Stalled(limit, exception);
            }

            // A client may also end its stream quietly when it is cancelled; that is not the end of the reply.
            if (idle.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw Stalled(limit, inner: null);
            }

            if (!more)
            {
                yield break;
            }

            yield return items.Current;
        }
    }

    private static TimeoutException Stalled(TimeSpan limit, Exception? inner) =>
        new(string.Create(CultureInfo.InvariantCulture, $"The stream stalled: nothing came for {limit:c} (IdleTimeout)."), inner);
}
