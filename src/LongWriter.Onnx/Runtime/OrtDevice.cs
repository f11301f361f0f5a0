namespace LongWriter.Onnx.Runtime;

/// <summary>
/// The device that a session computes on, as far as its inputs say: which of them it reads there, memory there, and memory of the host that it reaches
/// without a copy. Null where everything is read from the host's memory.
/// </summary>
/// <remarks>
/// An input that is bound from the host's memory is copied to the device when it is bound, not when the model runs (IOBinding::BindInput of ONNX Runtime). So
/// what is written in place must lie on the device, and be copied there.
/// </remarks>
internal sealed unsafe class OrtDevice : IDisposable
{
    private readonly OrtDeviceAllocator allocator;
    private readonly OrtDeviceAllocator? pinned;
    private readonly bool[] isOnDevice;

    private OrtDevice(OrtDeviceAllocator allocator, OrtDeviceAllocator? pinned, bool[] isOnDevice, bool isAddressable)
    {
        this.allocator = allocator;
        this.pinned = pinned;
        this.isOnDevice = isOnDevice;
        IsAddressable = isAddressable;
    }

    public OrtEnvironment Environment => allocator.Environment;

    /// <summary>ONNX Runtime's name of its memory.</summary>
    public string MemoryName => allocator.MemoryName;

    /// <summary>Whether a part of a buffer can be a tensor. CUDA gives addresses; WebGPU gives handles.</summary>
    public bool IsAddressable { get; }

    /// <summary>Whether the host's side of copies is pinned.</summary>
    public bool HasPinnedMemory => pinned is not null;

    /// <summary>Asks a session where it reads its inputs.</summary>
    /// <exception cref="OnnxRuntimeException">The library is too old, or nothing is known of the memory.</exception>
    public static OrtDevice? Of(OrtSession session, ExecutionProvider provider)
    {
        if (provider == ExecutionProvider.Cpu)
        {
            return null;
        }

        session.Environment.Library.RequireDeviceFunctions(provider.Name);
        (nint Info, string Name)[] inputs = InputMemories(session);
        bool[] isOnDevice = [.. inputs.Select(input => !IsHost(input.Name))];
        int first = Array.IndexOf(isOnDevice, true);
        return first < 0 ? null : Create(session, inputs[first].Info, inputs[first].Name, isOnDevice);
    }

    /// <summary>Whether the session reads an input from the device's memory.</summary>
    public bool Reads(int input) => isOnDevice[input];

    /// <summary>Memory on the device.</summary>
    /// <exception cref="OnnxRuntimeException">There is not so much.</exception>
    public DeviceBuffer Allocate(long lengthBytes) => new(allocator, lengthBytes, IsAddressable);

    /// <summary>A tensor on the device with memory of its own.</summary>
    /// <exception cref="OnnxRuntimeException">There is not so much memory.</exception>
    public OrtTensor Allocate(TensorElementType elementType, params ReadOnlySpan<long> shape) =>
        OrtTensor.Over(Environment, Allocate(OrtTensor.ByteCount(elementType, shape)), elementType, shape);

    /// <summary>Memory of the host, pinned where the provider can, to copy to the device or from it.</summary>
    public TensorMemory AllocateOnHost(long lengthBytes) => pinned is null ? new NativeBuffer(lengthBytes) : new DeviceBuffer(pinned, lengthBytes);

    /// <summary>A tensor in such memory.</summary>
    public OrtTensor AllocateOnHost(TensorElementType elementType, params ReadOnlySpan<long> shape) =>
        OrtTensor.Over(Environment, AllocateOnHost(OrtTensor.ByteCount(elementType, shape)), elementType, shape);

    public void Dispose()
    {
        allocator.Dispose();
        pinned?.Dispose();
    }

    private static OrtDevice Create(OrtSession session, nint memoryInfo, string name, bool[] isOnDevice)
    {
        bool isCuda = name == "Cuda";

        // Its newer name is shorter.
        if (!isCuda && !name.StartsWith("WebGPU_Buf", StringComparison.Ordinal))
        {
            throw new OnnxRuntimeException(
                $"The session reads inputs from the memory '{name}', which this library does not use: it uses those of CUDA, WebGPU and the host.", OnnxRuntimeErrorCode.NotImplemented);
        }

        OrtApi api = session.Environment.Library.Api;
        int deviceId;
        api.Check(api.GetMemoryDeviceId(memoryInfo, &deviceId), $"Reading the device of the memory '{name}'");
        if (isCuda)
        {
            // CopyTensors asks the environment, which knows a provider's copying only when its library was registered there.
            session.Environment.RegisterProviderLibrary("CUDA", OperatingSystem.IsWindows() ? "onnxruntime_providers_cuda.dll" : "libonnxruntime_providers_cuda.so");
        }

        var allocator = new OrtDeviceAllocator(session, memoryInfo, name);
        return new OrtDevice(allocator, isCuda ? Pinned(session, deviceId) : null, isOnDevice, isCuda);
    }

    /// <summary>Null where there is none: copies then go through memory of the driver's.</summary>
    private static OrtDeviceAllocator? Pinned(OrtSession session, int deviceId)
    {
        try
        {
            return new OrtDeviceAllocator(session, "CudaPinned", deviceId, isOnHost: true);
        }
        catch (OnnxRuntimeException)
        {
            return null;
        }
    }

    private static (nint Info, string Name)[] InputMemories(OrtSession session)
    {
        OrtApi api = session.Environment.Library.Api;
        using OrtHandle.Lease lease = session.Handle.Use();
        nint[] infos = new nint[session.Inputs.Count];
        fixed (nint* pointer = infos)
        {
            api.Check(api.SessionGetInputMemories(lease.Pointer, pointer, (nuint)infos.Length), "Asking where inputs are read");
        }

        return [.. infos.Select(info => (info, NameOf(api, info)))];
    }

    private static string NameOf(OrtApi api, nint memoryInfo)
    {
        byte* name;
        api.Check(api.GetMemoryName(memoryInfo, &name), "Reading the name of a memory");
        return Utf8.Read(name) ?? string.Empty;
    }

    private static bool IsHost(string memoryName) => memoryName == "Cpu" || memoryName.EndsWith("Pinned", StringComparison.Ordinal);
}
