using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Stops the step of the sequence that is cancelled, and no other one's: a cancellation may arrive just when the next step has begun, and a step that serves
/// others, too, goes on for them. Cancelling is safe from any thread, entering and leaving belong to the engine's.
/// </summary>
internal sealed class Cancellation(OrtRunOptions runOptions)
{
    private readonly Lock gate = new();
    private readonly List<Sequence> running = [];
    private bool stopped;

    /// <summary>A step of <paramref name="sequences"/> begins.</summary>
    /// <exception cref="OperationCanceledException">All of them were cancelled.</exception>
    public void Enter(ReadOnlySpan<Sequence> sequences)
    {
        lock (gate)
        {
            running.AddRange(sequences);
            ObjectDisposedException.ThrowIf(stopped, typeof(DecodingEngine));
            if (IsForNobody())
            {
                throw new OperationCanceledException(sequences[0].CancellationToken);
            }
        }
    }

    /// <summary>The step is over. What came too late for it is not left to the next one.</summary>
    public void Leave()
    {
        lock (gate)
        {
            running.Clear();
            if (runOptions.TerminateRequested && !stopped)
            {
                runOptions.Reset();
            }
        }
    }

    /// <summary>A sequence that runs is answered when its step is over, or stopped; one that waits is answered here.</summary>
    public void Cancel(Sequence sequence)
    {
        lock (gate)
        {
            if (running.Contains(sequence))
            {
                if (IsForNobody())
                {
                    runOptions.Terminate();
                }

                return;
            }
        }

        sequence.Fail(new OperationCanceledException(sequence.CancellationToken));
    }

    /// <summary>Ends the step that runs, and lets no other one begin.</summary>
    public void StopAll()
    {
        lock (gate)
        {
            if (!stopped)
            {
                stopped = true;
                if (running.Count > 0)
                {
                    runOptions.Terminate();
                }
            }
        }
    }

    /// <summary>A step that <see cref="StopAll"/> ended was not cancelled by its caller.</summary>
    public Exception Explain(Exception exception, Sequence sequence)
    {
        lock (gate)
        {
            return stopped && exception is OperationCanceledException && !sequence.CancellationToken.IsCancellationRequested
                ? new ObjectDisposedException(nameof(DecodingEngine))
                : exception;
        }
    }

    private bool IsForNobody() => running.TrueForAll(static sequence => sequence.CancellationToken.IsCancellationRequested);
}
