using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Stops the step of the sequence that is cancelled, and no other one's: a cancellation may arrive just when the next sequence has begun. Cancelling is
/// safe from any thread, entering and leaving belong to the engine's.
/// </summary>
internal sealed class Cancellation(OrtRunOptions runOptions)
{
    private readonly Lock gate = new();
    private Sequence? running;
    private bool stopped;

    /// <summary>A step of <paramref name="sequence"/> begins.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Enter(Sequence sequence)
    {
        lock (gate)
        {
            running = sequence;
            ObjectDisposedException.ThrowIf(stopped, typeof(DecodingEngine));
            sequence.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The step is over. What came too late for it is not left to the next one.</summary>
    public void Leave()
    {
        lock (gate)
        {
            running = null;
            if (runOptions.TerminateRequested && !stopped)
            {
                runOptions.Reset();
            }
        }
    }

    /// <summary>A sequence that runs is stopped and answers itself; one that waits is answered here.</summary>
    public void Cancel(Sequence sequence)
    {
        lock (gate)
        {
            if (running == sequence)
            {
                runOptions.Terminate();
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
                if (running is not null)
                {
                    runOptions.Terminate();
                }
            }
        }
    }

    /// <summary>A step that <see cref="StopAll"/> ended was not cancelled by its caller.</summary>
    public Exception Explain(Exception exception)
    {
        lock (gate)
        {
            return stopped && exception is OperationCanceledException && running?.CancellationToken.IsCancellationRequested != true
                ? new ObjectDisposedException(nameof(DecodingEngine))
                : exception;
        }
    }
}
