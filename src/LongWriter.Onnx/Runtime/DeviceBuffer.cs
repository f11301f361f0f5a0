namespace LongWriter.Onnx.Runtime;

/// <summary>Memory from an execution provider's allocator, not cleared: on the device, or on the host where the device reaches it without a copy (pinned).</summary>
internal sealed unsafe class DeviceBuffer : TensorMemory
{
    private readonly OrtDeviceAllocator allocator;
    private readonly bool isAddressable;

    /// <param name="allocator">Where.</param>
    /// <param name="lengthBytes">0 or more.</param>
    /// <param name="isAddressable">Whether the allocator gives addresses, which can be added to, and not handles.</param>
    /// <exception cref="OnnxRuntimeException">There is not so much memory.</exception>
    public DeviceBuffer(OrtDeviceAllocator allocator, long lengthBytes, bool isAddressable = true)
        : base(lengthBytes)
    {
        this.allocator = allocator;
        this.isAddressable = isAddressable;
        OrtApi api = allocator.Environment.Library.Api;
        void* pointer = null;
        bool isMemoryKept = false;
        allocator.Memory.DangerousAddRef(ref isMemoryKept);
        bool isAllocatorKept = false;
        try
        {
            allocator.Handle.DangerousAddRef(ref isAllocatorKept);
            nint status = api.AllocatorAlloc(allocator.Handle.DangerousGetHandle(), (nuint)Math.Max(1, lengthBytes), &pointer);
            api.Check(status, $"Allocating {lengthBytes} bytes in the memory '{allocator.MemoryName}'");
            if (pointer is null)
            {
                throw new OnnxRuntimeException($"Allocating {lengthBytes} bytes in the memory '{allocator.MemoryName}': there is not so much.", OnnxRuntimeErrorCode.Fail);
            }

            SetHandle((nint)pointer);
        }
        catch
        {
            Release(isAllocatorKept);
            SetHandleAsInvalid();
            throw;
        }
    }

    public override bool IsOnHost => allocator.IsOnHost;

    public override OrtHandle Describe(OrtEnvironment environment) => allocator.Memory;

    internal override byte* Address(long offsetBytes) => isAddressable || offsetBytes == 0
        ? base.Address(offsetBytes)
        : throw new InvalidOperationException($"A part of the memory '{allocator.MemoryName}' has no address of its own.");

    protected override bool ReleaseHandle()
    {
        OrtApi api = allocator.Environment.Library.Api;
        nint status = api.AllocatorFree(allocator.Handle.DangerousGetHandle(), (void*)handle);
        if (status != 0)
        {
            api.ReleaseStatus(status);
        }

        Release(isAllocatorKept: true);
        return status == 0;
    }

    private void Release(bool isAllocatorKept)
    {
        if (isAllocatorKept)
        {
            allocator.Handle.DangerousRelease();
        }

        allocator.Memory.DangerousRelease();
    }
}
