using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace LongWriter.Onnx.Runtime;

/// <summary>Says which processor this is, as far as kernels are chosen by it.</summary>
internal static class CpuIdentity
{
    private const string Linux = "/proc/cpuinfo";

    /// <summary>Family, model and features where they can be asked for; else what the system says, or the architecture.</summary>
    public static string Text { get; } = Describe();

    private static string Describe()
    {
        string architecture = $"{RuntimeInformation.ProcessArchitecture} {RuntimeInformation.OSArchitecture} {(OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "macos" : "unix")}";
        if (X86Base.IsSupported)
        {
            (int vendor, int vendor2, int vendor3, int vendor4) = X86Base.CpuId(0, 0);

            // The second register of leaf 1 holds the number of the core that happens to answer.
            (int signature, _, int features1, int features2) = X86Base.CpuId(1, 0);
            (int a, int b, int c, int d) = X86Base.CpuId(7, 0);
            (int e, _, _, _) = X86Base.CpuId(7, 1);
            int[] words = [vendor, vendor2, vendor3, vendor4, signature, features1, features2, a, b, c, d, e];
            return $"{architecture} {string.Join('-', words.Select(word => word.ToString("x8", CultureInfo.InvariantCulture)))}";
        }

        if (!File.Exists(Linux))
        {
            return architecture;
        }

        string[] named = ["CPU implementer", "CPU part", "Features"];
        return $"{architecture} {string.Join(' ', File.ReadLines(Linux).Where(line => named.Any(name => line.StartsWith(name, StringComparison.Ordinal))).Distinct())}";
    }
}
