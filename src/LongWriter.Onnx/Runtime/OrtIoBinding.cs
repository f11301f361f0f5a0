using System.Runtime.InteropServices;

namespace LongWriter.Onnx.Runtime;

/// <summary>
/// Which tensors a session reads and writes. Slots are the session's inputs and outputs by index; binding again replaces. A bound tensor's
/// memory is kept alive even when the tensor is disposed. Not safe for concurrent use; several bindings of one session may run at the same time.
/// </summary>
internal sealed unsafe class OrtIoBinding : IDisposable
{
    private readonly OrtSession session;
    private readonly OrtApi api;
    private readonly SafeHandle?[] inputs;
    private readonly SafeHandle?[] outputs;

    public OrtIoBinding(OrtSession session)
    {
        this.session = session;
        api = session.Environment.Library.Api;
        using OrtHandle.Lease lease = session.Handle.Use();
        nint binding;
        api.Check(api.CreateIoBinding(lease.Pointer, &binding), "Creating a binding");
        inputs = new SafeHandle?[session.Inputs.Count];
        outputs = new SafeHandle?[session.Outputs.Count];
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
            Keep(inputs, index, tensor.Value, api.BindInput(binding.Pointer, name, value.Pointer));
        }
    }

    /// <summary>
    /// Binds input <paramref name="index"/> to a part of <paramref name="memory"/>, in a shape that may change from run to run. The value belongs
    /// to the binding, so nothing is allocated that the garbage collector must find again.
    /// </summary>
    public void BindInput(int index, TensorMemory memory, long offsetBytes, TensorElementType elementType, params ReadOnlySpan<long> shape)
    {
        fixed (byte* name = session.InputNames[index])
        {
            Bind(inputs, index, name, api.BindInput, memory, offsetBytes, elementType, shape);
        }
    }

    /// <summary>As for <see cref="BindInput(int, TensorMemory, long, TensorElementType, ReadOnlySpan{long})"/>: output <paramref name="index"/>, which must get that very shape.</summary>
    public void BindOutput(int index, TensorMemory memory, long offsetBytes, TensorElementType elementType, params ReadOnlySpan<long> shape)
    {
        fixed (byte* name = session.OutputNames[index])
        {
            Bind(outputs, index, name, api.BindOutput, memory, offsetBytes, elementType, shape);
        }
    }

    /// <summary>Binds output <paramref name="index"/> to memory it is written to. Allocates nothing.</summary>
    public void BindOutput(int index, OrtTensor tensor)
    {
        using OrtHandle.Lease binding = Handle.Use();
        using OrtHandle.Lease value = tensor.Value.Use();
        fixed (byte* name = session.OutputNames[index])
        {
            Keep(outputs, index, tensor.Value, api.BindOutput(binding.Pointer, name, value.Pointer));
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

    private void Bind(
        SafeHandle?[] slots,
        int index,
        byte* name,
        delegate* unmanaged<nint, byte*, nint, nint> bind,
        TensorMemory memory,
        long offsetBytes,
        TensorElementType elementType,
        ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long dimension in shape)
        {
            count = checked(count * dimension);
        }

        long lengthBytes = elementType.ByteCount(count);
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthBytes, memory.LengthBytes - offsetBytes, nameof(shape));
        using OrtHandle.Lease binding = Handle.Use();
        using OrtHandle.Lease memoryInfo = memory.Describe(session.Environment).Use();
        nint value;
        fixed (long* dimensions = shape)
        {
            api.Check(
                api.CreateTensorWithData(
                    memoryInfo.Pointer, memory.Address(offsetBytes), (nuint)lengthBytes, dimensions, (nuint)shape.Length, (int)elementType, &value),
                "Creating a tensor");
        }

        try
        {
            Keep(slots, index, memory, bind(binding.Pointer, name, value));
        }
        finally
        {
            api.ReleaseValue(value);
        }
    }

    private void Keep(SafeHandle?[] slots, int index, SafeHandle memory, nint status)
    {
        api.Check(status, "Binding a tensor");
        bool added = false;
        memory.DangerousAddRef(ref added);
        slots[index]?.DangerousRelease();
        slots[index] = memory;
    }

    /// <summary>Runs when the last run with this binding is over and the binding is disposed.</summary>
    private void ReleaseTensors()
    {
        foreach (SafeHandle? value in inputs.Concat(outputs))
        {
            value?.DangerousRelease();
        }
    }
}
