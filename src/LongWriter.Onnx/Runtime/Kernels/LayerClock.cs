using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>
/// What the phases of <see cref="DecoderLayer"/> take, summed over layers and steps: where a step's time goes when a profile of nodes sees one node for a layer. Off unless somebody measures; then each phase reads a
/// clock once. For the process as a whole, so one engine should run at a time.
/// </summary>
internal static unsafe class LayerClock
{
    private static readonly long* Sums = (long*)NativeMemory.AllocZeroed((nuint)LayerWork.PhaseNames.Count, sizeof(long));

    private static volatile bool isOn;

    /// <summary>Where layers that begin now add their ticks; null for nowhere.</summary>
    public static long* Target => isOn ? Sums : null;

    /// <summary>Begins at zero.</summary>
    public static void Start()
    {
        new Span<long>(Sums, LayerWork.PhaseNames.Count).Clear();
        isOn = true;
    }

    /// <summary>What was summed since the last start; layers that begin later add nothing.</summary>
    public static IReadOnlyList<(string Phase, TimeSpan Time)> Stop()
    {
        isOn = false;
        return [.. LayerWork.PhaseNames.Select((name, phase) => (name, Stopwatch.GetElapsedTime(0, Sums[phase])))];
    }
}
