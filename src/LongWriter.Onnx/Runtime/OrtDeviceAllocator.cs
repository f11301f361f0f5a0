using System.Runtime.InteropServices;

namespace LongWriter.Onnx.Runtime;

/// <summary>Allocates in one of the memories of a session's execution providers. What it allocated keeps it, and the session, alive.</summary>
internal sealed unsafe class OrtDeviceAllocator : IDisposable
{
    /// <param name="session">Whose execution providers are asked.</param>
    /// <param name="memoryName">ONNX Runtime's name of the memory, for example "CudaPinned"; "Cpu" always works.</param>
    /// <param name="deviceId">Which device, from 0.</param>
    /// <param name="isOnHost">Whether spans reach the memory.</param>
    /// <exception cref="OnnxRuntimeException">No provider of the session has this memory.</exception>
    public OrtDeviceAllocator(OrtSession session, string memoryName, int deviceId, bool isOnHost)
        : this(session, OrtMemory.Device(session.Environment, memoryName, deviceId), memoryName, isOnHost)
    {
    }

    /// <param name="session">Whose execution providers are asked.</param>
    /// <param name="memoryInfo">The memory as the session described it.</param>
    /// <param name="memoryName">Its name.</param>
    public OrtDeviceAllocator(OrtSession session, nint memoryInfo, string memoryName)
        : this(session, new OrtHandle(memoryInfo, &KeepForSession, session.Handle), memoryName, isOnHost: false)
    {
    }

    private OrtDeviceAllocator(OrtSession session, OrtHandle memory, string memoryName, bool isOnHost)
    {
        Environment = session.Environment;
        MemoryName = memoryName;
        IsOnHost = isOnHost;
        Memory = memory;
        OrtApi api = Environment.Library.Api;
        try
        {
            using OrtHandle.Lease memoryLease = memory.Use();
            using OrtHandle.Lease sessionLease = session.Handle.Use();
            nint allocator;
            api.Check(api.CreateAllocator(sessionLease.Pointer, memoryLease.Pointer, &allocator), $"Creating an allocator for the memory '{memoryName}'");
            Handle = new OrtHandle(allocator, api.ReleaseAllocator, session.Handle);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    public OrtEnvironment Environment { get; }

    public string MemoryName { get; }

    public bool IsOnHost { get; }

    /// <summary>What tensors over this memory are described by.</summary>
    internal OrtHandle Memory { get; }

    internal OrtHandle Handle { get; }

    public void Dispose()
    {
        Handle.Dispose();
        Memory.Dispose();
    }

    [UnmanagedCallersOnly]
    private static void KeepForSession(nint memoryInfo)
    {
    }
}
