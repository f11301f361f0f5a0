using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LongWriter.Throughput;

/// <summary>How fast this machine reads memory: the roof over engines that read every weight for every token. The best of some passes counts, as what else runs only takes away.</summary>
internal static unsafe class Bandwidth
{
    public static IReadOnlyList<Measurement> Measure(int mebibytes, int passes, int mostThreads, TextWriter progress)
    {
        nuint bytes = (nuint)mebibytes << 20;
        byte* memory = (byte*)NativeMemory.AlignedAlloc(bytes, 4096);
        try
        {
            // Written once, since untouched pages are all the same one.
            for (nuint at = 0; at < bytes; at += sizeof(ulong))
            {
                *(ulong*)(memory + at) = at;
            }

            Measurement[] all = [.. Enumerable.Range(1, mostThreads).Select(threads => new Measurement { Engine = "memory", What = "bandwidth", Threads = threads, Unit = "GB/s" })];
            for (int pass = 0; pass < passes; pass++)
            {
                foreach (Measurement measurement in all)
                {
                    measurement.ByRound.Add(bytes / 1e9 / ReadSeconds(memory, bytes, measurement.Threads!.Value));
                }
            }

            foreach (Measurement measurement in all)
            {
                progress.WriteLine($"{measurement.Threads} threads: {measurement.ByRound.Max():0.0} GB/s at best, {measurement.Median:0.0} in the median.");
            }

            return all;
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
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
