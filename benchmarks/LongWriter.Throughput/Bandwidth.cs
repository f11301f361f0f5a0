using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Throughput;

/// <summary>How fast this machine reads memory: the roof over engines that read every weight for every token. The best of some passes counts, as what else runs only takes away.</summary>
internal static unsafe class Bandwidth
{
    /// <summary>Pages of the usual size, and huge ones, in which exports of the fast profile keep their weights: with these the processor looks up fewer addresses.</summary>
    public static IReadOnlyList<Measurement> Measure(int mebibytes, int passes, int mostThreads, TextWriter progress)
    {
        nuint bytes = (nuint)mebibytes << 20;
        using NativeBuffer usual = NativeBuffer.Reserve((long)bytes), huge = NativeBuffer.Huge((long)bytes);
        (Measurement Measurement, NativeBuffer Memory)[] all =
        [
            .. from memory in (NativeBuffer[])[usual, huge]
               from threads in Enumerable.Range(1, mostThreads)
               select (new Measurement { Engine = "memory", What = "bandwidth", Case = memory == huge ? "huge pages" : "pages", Threads = threads, Unit = "GB/s" }, memory),
        ];

        // Written once, since untouched pages are all the same one.
        for (nuint at = 0; at < bytes; at += sizeof(ulong))
        {
            *(ulong*)(usual.Address(0) + at) = *(ulong*)(huge.Address(0) + at) = at;
        }

        for (int pass = 0; pass < passes; pass++)
        {
            foreach ((Measurement measurement, NativeBuffer memory) in all)
            {
                measurement.ByRound.Add(bytes / 1e9 / ReadSeconds(memory.Address(0), bytes, measurement.Threads!.Value));
            }
        }

        foreach ((Measurement measurement, _) in all)
        {
            progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{measurement.Case}, {measurement.Threads} threads: {measurement.ByRound.Max():0.0} GB/s at best, {measurement.Median:0.0} in the median."));
        }

        return [.. all.Select(item => item.Measurement)];
    }

    private static double ReadSeconds(byte* memory, nuint bytes, int count)
    {
        nuint share = bytes / (nuint)count / 256 * 256;
        ulong sum = 0;
        using var barrier = new Barrier(count + 1);
        Thread[] threads = [.. Enumerable.Range(0, count).Select(i => new Thread(() =>
        {
            barrier.SignalAndWait();
            Interlocked.Add(ref sum, Sum(memory + (share * (nuint)i), share));
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        long begin = Stopwatch.GetTimestamp();
        barrier.SignalAndWait();
        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        GC.KeepAlive(sum);
        return seconds;
    }

    /// <summary>Four sums at once, so that no addition waits for the one before it.</summary>
    private static ulong Sum(byte* memory, nuint bytes)
    {
        Vector512<ulong> a = default, b = default, c = default, d = default;
        for (nuint at = 0; at < bytes; at += 256)
        {
            a += Vector512.Load((ulong*)(memory + at));
            b += Vector512.Load((ulong*)(memory + at + 64));
            c += Vector512.Load((ulong*)(memory + at + 128));
            d += Vector512.Load((ulong*)(memory + at + 192));
        }

        return Vector512.Sum(a + b + c + d);
    }
}
