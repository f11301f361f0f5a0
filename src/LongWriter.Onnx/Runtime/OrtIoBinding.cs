namespace LongWriter.Onnx.Runtime;

/// <summary>
/// Which tensors a session reads and writes. Slots are the session's inputs and outputs by index; binding again replaces. A bound tensor's
/// memory is kept alive even when the tensor is disposed. Not safe for concurrent use; several bindings of one session may run at the same time.
/// </summary>
internal sealed unsafe class OrtIoBinding : IDisposable
{
    private readonly OrtSession session;
    private readonly OrtApi api;
    private readonly OrtHandle?[] inputs;
    private readonly OrtHandle?[] outputs;

    public OrtIoBinding(OrtSession session)
    {
        this.session = session;
        api = session.Environment.Library.Api;
        using OrtHandle.Lease lease = session.Handle.Use();
        nint binding;
        api.Check(api.CreateIoBinding(lease.Pointer, &binding), "Creating a binding");
        inputs = new OrtHandle?[session.Inputs.Count];
        outputs = new OrtHandle?[session.Outputs.Count];
        Handle = new OrtHandle(binding, api.ReleaseIoBinding, session.Handle, ReleaseTensors);
    }

    internal OrtHandle Handle { get; }

    /// <summary>Binds input <paramref name="index"/>. Allocates nothing.</summary>
    public void BindInput(int index, OrtTensor tensor)
    {
        using OrtHandle.Lease binding = Handle.Use();
        using OrtHandle.Lease value = tensor.Value.Use();
        fixed (byte* name = session.InputNames[index])
        {
            Keep(inputs, index, tensor, api.BindInput(binding.Pointer, name, value.Pointer));
        }
    }

    /// <summary>Binds output <paramref name="index"/> to memory it is written to. Allocates nothing.</summary>
    public void BindOutput(int index, OrtTensor tensor)
    {
        using OrtHandle.Lease binding = Handle.Use();
        using OrtHandle.Lease value = tensor.Value.Use();
        fixed (byte* name = session.OutputNames[index])
        {
            Keep(outputs, index, tensor, api.BindOutput(binding.Pointer, name, value.Pointer));
        }
    }

    /// <summary>Waits until inputs that were copied to a device are there.</summary>
    public void SynchronizeInputs()
    {
        using OrtHandle.Lease lease = Handle.Use();
        api.Check(api.SynchronizeBoundInputs(lease.Pointer), "Waiting for inputs");
    }

    /// <summary>Waits until outputs that a device computes are there.</summary>
    public void SynchronizeOutputs()
    {
        using OrtHandle.Lease lease = Handle.Use();
        api.Check(api.SynchronizeBoundOutputs(lease.Pointer), "Waiting for outputs");
    }

    public void Dispose() => Handle.Dispose();

    private void Keep(OrtHandle?[] slots, int index, OrtTensor tensor, nint status)
    {
        api.Check(status, "Binding a tensor");
        bool added = false;
        tensor.Value.DangerousAddRef(ref added);
        slots[index]?.DangerousRelease();
        slots[index] = tensor.Value;
    }

    /// <summary>Runs when the last run with this binding is over and the binding is disposed.</summary>
    private void ReleaseTensors()
    {
        foreach (OrtHandle? value in inputs.Concat(outputs))
        {
            value?.DangerousRelease();
        }
    }
}
