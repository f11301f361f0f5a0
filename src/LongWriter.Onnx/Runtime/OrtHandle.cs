using Microsoft.Win32.SafeHandles;

namespace LongWriter.Onnx.Runtime;

/// <summary>
/// One object of ONNX Runtime: a session, its options, a value, a binding, … Released exactly once, and never while a call uses it: calls hold a
/// <see cref="Lease"/>. A handle keeps its parent (a binding its session) alive until it is released itself.
/// </summary>
internal sealed unsafe class OrtHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly delegate* unmanaged<nint, void> release;
    private readonly OrtHandle? parent;
    private readonly Action? released;
    private volatile bool disposed;

    /// <param name="pointer">The object.</param>
    /// <param name="release">The function that releases it.</param>
    /// <param name="parent">What must live as long, or null.</param>
    /// <param name="released">Called after the object is gone, for memory of ours that it used.</param>
    public OrtHandle(nint pointer, delegate* unmanaged<nint, void> release, OrtHandle? parent = null, Action? released = null)
        : base(ownsHandle: true)
    {
        this.release = release;
        this.released = released;
        if (parent is not null)
        {
            bool added = false;
            parent.DangerousAddRef(ref added);
            this.parent = parent;
        }

        SetHandle(pointer);
    }

    /// <summary>Keeps the object alive until the lease is disposed; allocates nothing.</summary>
    /// <exception cref="ObjectDisposedException">The object was disposed.</exception>
    public Lease Use() => new(this);

    protected override void Dispose(bool disposing)
    {
        // A child may keep the object alive; for callers it is gone all the same.
        disposed = true;
        base.Dispose(disposing);
    }

    protected override bool ReleaseHandle()
    {
        release(handle);
        released?.Invoke();
        parent?.DangerousRelease();
        return true;
    }

    internal readonly ref struct Lease
    {
        private readonly OrtHandle handle;

        public Lease(OrtHandle handle)
        {
            ObjectDisposedException.ThrowIf(handle.disposed, handle);
            bool added = false;
            handle.DangerousAddRef(ref added);
            this.handle = handle;
        }

        public nint Pointer => handle.DangerousGetHandle();

        public void Dispose() => handle.DangerousRelease();
    }
}
