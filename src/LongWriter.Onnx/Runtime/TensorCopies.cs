namespace LongWriter.Onnx.Runtime;

/// <summary>
/// Copies between tensors, wherever they lie, as one call to ONNX Runtime. Made once and run as often as needed: a run allocates nothing, and returns when
/// the copies are made. Keeps the tensors alive.
/// </summary>
internal sealed unsafe class TensorCopies : IDisposable
{
    private readonly OrtEnvironment environment;
    private readonly OrtHandle[] from;
    private readonly OrtHandle[] to;
    private readonly nint[] sources;
    private readonly nint[] targets;
    private bool disposed;

    /// <param name="environment">Of the session whose device it is.</param>
    /// <param name="pairs">Tensors of the same type and shape; 1 pair or more.</param>
    public TensorCopies(OrtEnvironment environment, params IReadOnlyList<(OrtTensor From, OrtTensor To)> pairs)
    {
        ArgumentOutOfRangeException.ThrowIfZero(pairs.Count, nameof(pairs));
        this.environment = environment;
        from = [.. pairs.Select(pair => Keep(pair.From))];
        to = [.. pairs.Select(pair => Keep(pair.To))];
        sources = [.. from.Select(handle => handle.DangerousGetHandle())];
        targets = [.. to.Select(handle => handle.DangerousGetHandle())];
    }

    /// <exception cref="OnnxRuntimeException">No provider can copy between these memories, or the device failed.</exception>
    public void Run()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        OrtApi api = environment.Library.Api;
        using OrtHandle.Lease lease = environment.Handle.Use();
        fixed (nint* source = sources, target = targets)
        {
            api.Check(api.CopyTensors(lease.Pointer, source, target, 0, (nuint)sources.Length), "Copying tensors");
        }
    }

    public void Dispose()
    {
        if (!disposed)
        {
            disposed = true;
            foreach (OrtHandle handle in from.Concat(to))
            {
                handle.DangerousRelease();
            }
        }
    }

    private static OrtHandle Keep(OrtTensor tensor)
    {
        bool added = false;
        tensor.Value.DangerousAddRef(ref added);
        return tensor.Value;
    }
}
