using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace LongWriter.Throughput;

/// <summary>What a number was measured on. Null is what this system does not say.</summary>
internal sealed record Machine
{
    public required string? CpuModel { get; init; }

    public required int LogicalCores { get; init; }

    public required string OperatingSystem { get; init; }

    public required string Architecture { get; init; }

    /// <summary>Processes that ran or waited in the minute before the measurement, by the system's average: 0 on an idle machine.</summary>
    public required double? LoadAverageBefore { get; init; }

    /// <summary>The same at the end, the measurement's own threads included.</summary>
    public required double? LoadAverageAfter { get; init; }

    public static Machine Describe(double? loadAverageBefore) => new()
    {
        CpuModel = ReadCpuModel(),
        LogicalCores = Environment.ProcessorCount,
        OperatingSystem = RuntimeInformation.OSDescription,
        Architecture = RuntimeInformation.OSArchitecture.ToString(),
        LoadAverageBefore = loadAverageBefore,
        LoadAverageAfter = LoadAverage(),
    };

    /// <summary>In words, for the line below a table.</summary>
    public string ToText() =>
        $"{CpuModel ?? "processor unknown"}, {LogicalCores} logical cores, {OperatingSystem}; load average {Load(LoadAverageBefore)} before, {Load(LoadAverageAfter)} after";

    /// <summary>The load average of one minute; null where there is no /proc.</summary>
    public static double? LoadAverage()
    {
        const string Path = "/proc/loadavg";
        return File.Exists(Path) && double.TryParse(File.ReadAllText(Path).Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double load) ? load : null;
    }

    /// <summary>The most physical memory that this process held: VmHWM on Linux. Null where the system does not count it.</summary>
    public static long? PeakMemoryBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 is > 0 and var bytes ? bytes : null;
    }

    /// <summary>
    /// Physical memory that this process holds now and no other could use: on Linux without pages of mapped files (RssAnon), of which a model's tables are read bit by bit and which the system takes back
    /// when it needs them; elsewhere all of it.
    /// </summary>
    public static long MemoryBytes()
    {
        const string Status = "/proc/self/status";
        string? line = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith("RssAnon:", StringComparison.Ordinal)) : null;
        if (line is not null)
        {
            return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }

        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static string Load(double? load) => load?.ToString("F2", CultureInfo.InvariantCulture) ?? "unknown";

    private static string? ReadCpuModel()
    {
        const string Path = "/proc/cpuinfo";
        return File.Exists(Path)
            ? File.ReadLines(Path).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
    }
}
