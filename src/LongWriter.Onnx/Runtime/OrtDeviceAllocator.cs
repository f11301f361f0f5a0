namespace LongWriter.Onnx.Runtime;

/// <summary>Allocates tensors in the memory of the device that a session runs on. Tensors keep it, and the session, alive.</summary>
internal sealed unsafe class OrtDeviceAllocator : IDisposable
{
    /// <param name="session">Whose execution providers are asked.</param>
    /// <param name="memoryName">ONNX Runtime's name of the memory, for example "Cuda"; "Cpu" always works.</param>
    /// <param name="deviceId">Which device, from 0.</param>
    /// <exception cref="OnnxRuntimeException">No provider of the session has this memory.</exception>
    public OrtDeviceAllocator(OrtSession session, string memoryName, int deviceId = 0)
    {
        Environment = session.Environment;
        OrtApi api = Environment.Library.Api;
        using OrtHandle memory = OrtMemory.Device(Environment, memoryName, deviceId);
        using OrtHandle.Lease memoryLease = memory.Use();
        using OrtHandle.Lease sessionLease = session.Handle.Use();
        nint allocator;
        api.Check(api.CreateAllocator(sessionLease.Pointer, memoryLease.Pointer, &allocator), $"Creating an allocator for the memory '{memoryName}'");
        Handle = new OrtHandle(allocator, api.ReleaseAllocator, session.Handle);
    }

    public OrtEnvironment Environment { get; }

    internal OrtHandle Handle { get; }

    public void Dispose() => Handle.Dispose();
}
