namespace LongWriter.Onnx.Runtime;

/// <summary>Descriptions of memory: which device, which allocator.</summary>
internal static unsafe class OrtMemory
{
    // OrtAllocatorType and OrtMemType.
    private const int DeviceAllocator = 0;
    private const int ArenaAllocator = 1;
    private const int DefaultMemory = 0;

    private static OrtHandle? cpu;

    /// <summary>Memory of the host; one for the process, which is never released.</summary>
    public static OrtHandle Cpu(OrtEnvironment environment)
    {
        if (cpu is null)
        {
            OrtApi api = environment.Library.Api;
            nint info;
            api.Check(api.CreateCpuMemoryInfo(ArenaAllocator, DefaultMemory, &info), "Describing host memory");
            var created = new OrtHandle(info, api.ReleaseMemoryInfo);
            if (Interlocked.CompareExchange(ref cpu, created, null) is not null)
            {
                created.Dispose();
            }
        }

        return cpu;
    }

    /// <summary>Memory of a device by ONNX Runtime's name for it, for example "Cuda" or "WebGPU_Buffer".</summary>
    public static OrtHandle Device(OrtEnvironment environment, string name, int deviceId)
    {
        OrtApi api = environment.Library.Api;
        nint info;
        fixed (byte* nameBytes = Utf8.Write(name))
        {
            api.Check(api.CreateMemoryInfo(nameBytes, DeviceAllocator, deviceId, DefaultMemory, &info), $"Describing the memory '{name}'");
        }

        return new OrtHandle(info, api.ReleaseMemoryInfo);
    }
}
