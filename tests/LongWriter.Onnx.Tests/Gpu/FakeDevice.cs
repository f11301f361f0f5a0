using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Tests.Gpu;

/// <summary>
/// A recording double of ONNX Runtime's table of functions that has a GPU: the real library computes, on the CPU, and this stands between it and us for
/// everything that says where memory is. Its device's memory is the host's, but whoever says "Cuda" of memory that did not come from the device's allocator,
/// or the reverse, is noted in <see cref="Violations"/>.
/// </summary>
/// <remarks>
/// It does what makes a real device hard to use: an input that is bound from the host is copied when it is bound; a captured run is replayed over the memory
/// and the host's values it was captured with, and writes nothing to the host. One at a time: the table's functions have no object.
/// </remarks>
internal sealed unsafe partial class FakeDevice : IDisposable
{
    private const int TableLength = 417;
    private static FakeDevice? current;
    private static OrtApi? library;

    /// <summary>What every double's allocators gave and nobody gave back: a finalizer may do so after the double is gone.</summary>
    private static readonly ConcurrentDictionary<nint, byte> Given = new();

    private readonly Lock gate = new();
    private readonly nint* real;
    private readonly nint* table;
    private readonly nint deviceInfo;
    private readonly byte* memoryName;
    private readonly byte* pinnedName = Native("CudaPinned");
    private readonly Dictionary<nint, string> memoryInfos = [];
    private readonly Dictionary<nint, string> allocators = [];
    private readonly SortedDictionary<nint, (long Length, string Place)> allocations = [];
    private readonly Dictionary<nint, Tensor> tensors = [];
    private readonly Dictionary<(nint Binding, string Name), Tensor> bound = [];
    private readonly Dictionary<nint, int> graphIds = [];
    private readonly Dictionary<(nint Session, int Id), Capture> captures = [];
    private readonly List<nint> copiesAtBinding = [];

    /// <param name="memory">The name of the device's memory.</param>
    /// <param name="version">What the library says its version is; null for the real one's.</param>
    public FakeDevice(string memory = "Cuda", string? version = null)
    {
        OrtEnvironment actual = OrtEnvironment.Get(new OnnxRuntimeOptions());
        nint getApiBase = NativeLibrary.GetExport(NativeLibrary.Load(Path.GetFullPath(actual.Library.Path)), "OrtGetApiBase");
        nint* apiBase = ((delegate* unmanaged<nint*>)getApiBase)();
        real = ((delegate* unmanaged<uint, nint*>)apiBase[0])(OrtApi.Version);
        table = (nint*)NativeMemory.Alloc(TableLength, (nuint)sizeof(nint));
        new ReadOnlySpan<nint>(real, TableLength).CopyTo(new Span<nint>(table, TableLength));
        Real = library = new OrtApi(real);
        memoryName = Native(memory);
        Memory = memory;
        nint info;
        Real.Check(Real.CreateCpuMemoryInfo(0, 0, &info), "Describing memory");
        deviceInfo = info;
        memoryInfos.Add(info, memory);
        Replace();
        Assert.Null(Interlocked.CompareExchange(ref current, this, null));
        Environment = new OrtEnvironment(new OrtLibrary(actual.Library.Path, version ?? actual.Library.Version, new OrtApi(table)), actual.Handle);
    }

    public OrtEnvironment Environment { get; }

    public string Memory { get; }

    /// <summary>The library itself.</summary>
    public OrtApi Real { get; }

    /// <summary>What was called, in order, with the arguments that matter.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>What a real device would have got wrong, or read at the wrong place.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>Inputs that the session reads from the host's memory, as CUDA's kernels do with the longest length.</summary>
    public HashSet<string> HostInputs { get; } = ["total_sequence_length"];

    /// <summary>Bytes of device memory there are.</summary>
    public long DeviceBytes { get; set; } = long.MaxValue;

    public bool HasPinnedMemory { get; set; } = true;

    /// <summary>The error that registering a provider's library gives, or null.</summary>
    public string? RegistrationFailure { get; set; }

    /// <summary>The error that loading a graph gives, or null.</summary>
    public string? SessionFailure { get; set; }

    /// <summary>The error that appending CUDA gives, or null.</summary>
    public string? AppendFailure { get; set; }

    /// <summary>Of the last run: where each input and output was.</summary>
    public Dictionary<string, string> LastPlacement { get; private set; } = [];

    public long AllocatedDeviceBytes => Locked(() => allocations.Values.Where(allocation => allocation.Place == Memory).Sum(allocation => allocation.Length));

    public int LiveTensors => Locked(() => tensors.Count);

    public string[] CallsOf(string function) => Locked(() => Calls.Where(call => call.StartsWith(function + " ", StringComparison.Ordinal)).ToArray());

    public void Forget() => Locked(() =>
    {
        Calls.Clear();
        return 0;
    });

    public void Dispose()
    {
        Interlocked.CompareExchange(ref current, null, this);
        foreach (nint copy in copiesAtBinding)
        {
            NativeMemory.AlignedFree((void*)copy);
        }

        // The table stays: what was not disposed of is released through it later.
        Marshal.FreeCoTaskMem((nint)memoryName);
        Marshal.FreeCoTaskMem((nint)pinnedName);
    }

    private T Locked<T>(Func<T> read)
    {
        lock (gate)
        {
            return read();
        }
    }

    private void Record(string call) => Calls.Add(call);

    /// <summary>"Cuda", "CudaPinned" or "Cpu": where an address is.</summary>
    private string PlaceOf(nint address, long length)
    {
        foreach ((nint start, (long Length, string Place) allocation) in allocations)
        {
            if (address >= start && address < start + allocation.Length)
            {
                if (address + length > start + allocation.Length)
                {
                    Violations.Add($"A tensor of {length} bytes ends beyond its {allocation.Length} bytes in {allocation.Place}.");
                }

                return allocation.Place;
            }
        }

        return "Cpu";
    }

    private nint Fail(string message)
    {
        fixed (byte* text = System.Text.Encoding.UTF8.GetBytes(message + '\0'))
        {
            return ((delegate* unmanaged<int, byte*, nint>)real[0])((int)OnnxRuntimeErrorCode.Fail, text);
        }
    }

    private static byte* Native(string text) => (byte*)Marshal.StringToCoTaskMemUTF8(text);

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    private static string Pairs(byte** keys, byte** values, nuint count)
    {
        List<string> pairs = [];
        for (nuint i = 0; i < count; i++)
        {
            pairs.Add($"{Text(keys[i])}={Text(values[i])}");
        }

        return string.Join(' ', pairs);
    }

    private sealed record Tensor(string Place, nint Address, long Length, long[] Shape, int Type)
    {
        public string Describe() => string.Create(CultureInfo.InvariantCulture, $"{Place} [{string.Join(',', Shape)}]");
    }

    /// <summary>What a captured run goes on using.</summary>
    private sealed record Capture(Dictionary<string, nint> Addresses, Dictionary<string, byte[]> HostValues);
}
