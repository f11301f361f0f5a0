namespace LongWriter.Onnx.Runtime;

/// <summary>Options of runs, and the way to stop one. <see cref="Terminate"/> is safe to call from any thread; the rest is not.</summary>
internal sealed unsafe class OrtRunOptions : IDisposable
{
    private const string GraphIdKey = "gpu_graph_id";

    private readonly OrtApi api;
    private readonly Lock gate = new();

    /// <summary>A native object for each graph: changing an entry of one warns in ONNX Runtime's log, every time. The first is without an entry.</summary>
    private readonly Dictionary<int, OrtHandle> byGraph = [];
    private readonly OrtHandle plain;
    private volatile bool terminateRequested;

    public OrtRunOptions(OrtEnvironment environment)
    {
        api = environment.Library.Api;
        Handle = plain = Create();
    }

    public bool TerminateRequested => terminateRequested;

    /// <summary>What the next run uses.</summary>
    internal OrtHandle Handle { get; private set; }

    /// <summary>
    /// Makes the next runs those of a CUDA graph: with an id that is new they are captured, later ones replay it. -1 does neither. Without this call runs have
    /// no id, which ONNX Runtime takes for 0.
    /// </summary>
    public void SelectGraph(int id)
    {
        if (!byGraph.TryGetValue(id, out OrtHandle? handle))
        {
            handle = Create();
            lock (gate)
            {
                byGraph.Add(id, handle);
                Configure(handle, GraphIdKey, id.ToString(System.Globalization.CultureInfo.InvariantCulture));
                if (terminateRequested)
                {
                    SetTerminate(handle);
                }
            }
        }

        Handle = handle;
    }

    /// <summary>Makes the run that uses these options end soon, and every later one at once, until <see cref="Reset"/>.</summary>
    public void Terminate()
    {
        lock (gate)
        {
            terminateRequested = true;
            SetTerminate(plain);
            foreach (OrtHandle handle in byGraph.Values)
            {
                SetTerminate(handle);
            }
        }
    }

    /// <summary>Allows runs again after <see cref="Terminate"/>.</summary>
    public void Reset()
    {
        lock (gate)
        {
            UnsetTerminate(plain);
            foreach (OrtHandle handle in byGraph.Values)
            {
                UnsetTerminate(handle);
            }

            terminateRequested = false;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            plain.Dispose();
            foreach (OrtHandle handle in byGraph.Values)
            {
                handle.Dispose();
            }
        }
    }

    private OrtHandle Create()
    {
        nint options;
        api.Check(api.CreateRunOptions(&options), "Creating run options");
        return new OrtHandle(options, api.ReleaseRunOptions);
    }

    private void Configure(OrtHandle handle, string key, string value)
    {
        using OrtHandle.Lease lease = handle.Use();
        fixed (byte* keyBytes = Utf8.Write(key), valueBytes = Utf8.Write(value))
        {
            api.Check(api.AddRunConfigEntry(lease.Pointer, keyBytes, valueBytes), $"Setting '{key}' to '{value}'");
        }
    }

    private void SetTerminate(OrtHandle handle)
    {
        using OrtHandle.Lease lease = handle.Use();
        api.Check(api.RunOptionsSetTerminate(lease.Pointer), "Terminating a run");
    }

    private void UnsetTerminate(OrtHandle handle)
    {
        using OrtHandle.Lease lease = handle.Use();
        api.Check(api.RunOptionsUnsetTerminate(lease.Pointer), "Resetting run options");
    }
}
