using System.Diagnostics.CodeAnalysis;

namespace LongWriter.Onnx.Decoding;

/// <summary>Requests in the order in which they came. Adding and closing are safe from any thread, taking belongs to the engine's.</summary>
internal sealed class RequestQueue
{
    /// <summary>Also the lock.</summary>
    private readonly Queue<Sequence> waiting = [];
    private bool isClosed;

    /// <exception cref="ObjectDisposedException">The queue was closed.</exception>
    public void Add(Sequence sequence)
    {
        lock (waiting)
        {
            ObjectDisposedException.ThrowIf(isClosed, typeof(DecodingEngine));
            waiting.Enqueue(sequence);
            Monitor.Pulse(waiting);
        }
    }

    /// <summary>Ends waiting for requests, and gives those that were still in the queue.</summary>
    public IReadOnlyList<Sequence> Close()
    {
        lock (waiting)
        {
            isClosed = true;
            Sequence[] left = [.. waiting];
            waiting.Clear();
            Monitor.Pulse(waiting);
            return left;
        }
    }

    /// <summary>The next request whose caller is still there. False when there is none, or, after waiting for one, when the queue was closed.</summary>
    public bool TryTake(bool wait, [NotNullWhen(true)] out Sequence? sequence)
    {
        lock (waiting)
        {
            while (true)
            {
                if (waiting.TryDequeue(out sequence))
                {
                    if (!sequence.IsAnswered)
                    {
                        return true;
                    }
                }
                else if (!wait || isClosed)
                {
                    return false;
                }
                else
                {
                    Monitor.Wait(waiting);
                }
            }
        }
    }
}
