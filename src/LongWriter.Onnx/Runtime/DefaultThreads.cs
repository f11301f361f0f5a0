using System.Globalization;

namespace LongWriter.Onnx.Runtime;

/// <summary>
/// Threads of an operator where nobody says how many. ONNX Runtime starts one per core of the machine, also where the process may use fewer of them (taskset, a
/// container's quota), and then they fight for those.
/// </summary>
internal static class DefaultThreads
{
    private const string LinuxList = "/sys/devices/system/cpu/online";

    /// <summary>0 for the library's own choice, one per physical core, where the process may use all; else as many as it may use.</summary>
    public static int Count() => Count(Environment.ProcessorCount, Online(File.Exists(LinuxList) ? File.ReadAllText(LinuxList) : ""));

    /// <param name="usable">Logical processors that the process may use.</param>
    /// <param name="online">Logical processors of the machine; 0 when that is not known.</param>
    public static int Count(int usable, int online) => usable < online ? usable : 0;

    /// <summary>How many processors a list as Linux writes it names, "0-3,6"; 0 for anything else.</summary>
    public static int Online(string list)
    {
        int count = 0;
        foreach (string part in list.Trim().Split(','))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2 || !int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first) || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int last) || last < first)
            {
                return 0;
            }

            count += last - first + 1;
        }

        return count;
    }
}
