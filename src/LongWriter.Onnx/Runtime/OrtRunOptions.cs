namespace LongWriter.Onnx.Runtime;

/// <summary>Options of runs, and the way to stop one. <see cref="Terminate"/> is safe to call from any thread; the rest is not.</summary>
internal sealed unsafe class OrtRunOptions : IDisposable
{
    private readonly OrtApi api;
    private volatile bool terminateRequested;

    public OrtRunOptions(OrtEnvironment environment)
    {
        api = environment.Library.Api;
        nint options;
        api.Check(api.CreateRunOptions(&options), "Creating run options");
        Handle = new OrtHandle(options, api.ReleaseRunOptions);
    }

    public bool TerminateRequested => terminateRequested;

    internal OrtHandle Handle { get; }

    /// <summary>Makes the run that uses these options end soon, and every later one at once, until <see cref="Reset"/>.</summary>
    public void Terminate()
    {
        using OrtHandle.Lease lease = Handle.Use();
        terminateRequested = true;
        api.Check(api.RunOptionsSetTerminate(lease.Pointer), "Terminating a run");
    }

    /// <summary>Allows runs again after <see cref="Terminate"/>.</summary>
    public void Reset()
    {
        using OrtHandle.Lease lease = Handle.Use();
        api.Check(api.RunOptionsUnsetTerminate(lease.Pointer), "Resetting run options");
        terminateRequested = false;
    }

    /// <summary>Adds a run configuration entry of ONNX Runtime.</summary>
    public void Configure(string key, string value)
    {
        using OrtHandle.Lease lease = Handle.Use();
        fixed (byte* keyBytes = Utf8.Write(key), valueBytes = Utf8.Write(value))
        {
            api.Check(api.AddRunConfigEntry(lease.Pointer, keyBytes, valueBytes), $"Setting '{key}' to '{value}'");
        }
    }

    public void Dispose() => Handle.Dispose();
}
