using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LongWriter.Onnx.Tokenization;

namespace LongWriter.ExportQuality;

/// <summary>Cuts text into windows of tokens.</summary>
internal sealed class HeldOutText(string modelFolder, int windowTokens, int windowCount)
{
    private readonly Tokenizer tokenizer = Tokenizer.Load(Path.Combine(modelFolder, "tokenizer.json"));

    /// <summary>Windows of one text, one after the other.</summary>
    public IReadOnlyList<TextWindow> FromText(string path)
    {
        List<int> ids = tokenizer.Encode(File.ReadAllText(path), parseSpecialTokens: false);
        return Require([.. ids.Chunk(windowTokens).Where(chunk => chunk.Length == windowTokens).Take(windowCount).Select(ToWindow)], path);
    }

    /// <summary>
    /// The first window of as many chapters. A hash of their names chooses them: those with the smallest, so that which they are depends neither on their order
    /// nor on how they are written. A model may have seen some of them: unless its training left out chapters by the same rule, nothing prevents it.
    /// </summary>
    public IReadOnlyList<TextWindow> FromBooks(string path)
    {
        var chosen = new SortedDictionary<string, TextWindow>(StringComparer.Ordinal);
        foreach ((string name, string text) in Chapters(path))
        {
            string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
            if (chosen.Count < windowCount || string.CompareOrdinal(hash, chosen.Keys.Last()) < 0)
            {
                int[] ids = FirstIds(text);
                if (ids.Length == windowTokens)
                {
                    chosen[hash] = ToWindow(ids);
                }
            }

            if (chosen.Count > windowCount)
            {
                chosen.Remove(chosen.Keys.Last());
            }
        }

        return Require([.. chosen.Values], path);
    }

    /// <summary>The first window of as many texts, in the file's order.</summary>
    public IReadOnlyList<TextWindow> FromTexts(string path) => Require(
        [.. File.ReadLines(path).Select(TextOf).Select(FirstIds).Where(ids => ids.Length == windowTokens).Take(windowCount).Select(ToWindow)], path);

    private static string TextOf(string line)
    {
        using JsonDocument row = JsonDocument.Parse(line);
        return row.RootElement.GetProperty("text").GetString()!;
    }

    // No token is longer than 32 characters on average, so the beginning is enough.
    private int[] FirstIds(string text) =>
        [.. tokenizer.Encode(text.AsSpan(0, Math.Min(text.Length, windowTokens * 32)), parseSpecialTokens: false).Take(windowTokens)];

    private static IEnumerable<(string Name, string Text)> Chapters(string path)
    {
        using Process? unpack = Path.GetExtension(path) == ".xz"
            ? Process.Start(new ProcessStartInfo("xz", ["-dc", path]) { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 })
            : null;
        using StreamReader lines = unpack?.StandardOutput ?? new StreamReader(path, Encoding.UTF8);
        while (lines.ReadLine() is { } line)
        {
            using JsonDocument book = JsonDocument.Parse(line);
            string title = book.RootElement.GetProperty("title").GetString()!;
            foreach (JsonElement chapter in book.RootElement.GetProperty("chapters").EnumerateArray())
            {
                yield return ($"{title}\n{chapter.GetProperty("title").GetString()}", chapter.GetProperty("text").GetString()!);
            }
        }
    }

    /// <remarks>A character that the window's edge cuts counts as the three bytes of U+FFFD.</remarks>
    private TextWindow ToWindow(int[] ids) => new(ids, Encoding.UTF8.GetByteCount(tokenizer.Decode(ids.AsSpan(1))));

    private List<TextWindow> Require(List<TextWindow> windows, string path) =>
        windows.Count > 0 ? windows : throw new InvalidDataException($"{path}: expected {windowTokens} tokens or more, found fewer.");
}
