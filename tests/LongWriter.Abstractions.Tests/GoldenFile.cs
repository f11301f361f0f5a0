using System.Globalization;
using System.Text;

namespace LongWriter;

/// <summary>Reads the vectors under tests/golden; its README says where each comes from.</summary>
internal static class GoldenFile
{
    public static IEnumerable<string> Lines(string name) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "golden", name)).Where(line => line.Length > 0 && line[0] != '#');

    /// <summary>Text of code points in hexadecimal, unpaired surrogates included.</summary>
    public static string Text(IEnumerable<string> codePoints)
    {
        var text = new StringBuilder();
        foreach (string hex in codePoints)
        {
            int c = int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            _ = c > 0xFFFF ? text.Append(char.ConvertFromUtf32(c)) : text.Append((char)c);
        }

        return text.ToString();
    }

    public static string[] Fields(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
