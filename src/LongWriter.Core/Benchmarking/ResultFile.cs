using System.Text;
using System.Text.Json;

namespace LongWriter.Benchmarking;

/// <summary>
/// results.jsonl of a run: a line for each finished item, on disk before the next one begins. A later line of an item replaces an earlier one.
/// Locked while it is open. Safe for concurrent use.
/// </summary>
internal sealed class ResultFile : IDisposable
{
    public const string FileName = "results.jsonl";

    private readonly FileStream file;
    private readonly Lock gate = new();

    private ResultFile(FileStream file, IReadOnlyList<BenchmarkResult> results) => (this.file, Results) = (file, results);

    /// <summary>What the file held when it was opened, in its order.</summary>
    public IReadOnlyList<BenchmarkResult> Results { get; }

    /// <summary>Opens the file, or makes it. A torn last line, as a killed process leaves it, is cut off.</summary>
    /// <exception cref="BenchmarkRunException">The file is in use, cannot be opened, or holds something else.</exception>
    public static ResultFile Open(string path)
    {
        FileStream file;
        try
        {
            // Without a buffer a line reaches the operating system in one piece.
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BenchmarkRunException($"{path}: cannot be opened for writing: {e.Message}", e);
        }

        try
        {
            byte[] content = new byte[file.Length];
            file.ReadExactly(content);
            List<BenchmarkResult> results = Parse(path, content, out int end);
            file.SetLength(end);
            file.Position = end;
            return new ResultFile(file, results);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the lines of a file that may be written at this moment.</summary>
    /// <exception cref="BenchmarkRunException">The file holds something else.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<BenchmarkResult> Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var content = new MemoryStream();
        file.CopyTo(content);
        return Parse(path, content.ToArray(), out _);
    }

    /// <summary>Adds a line; it is on disk when this returns.</summary>
    public void Append(BenchmarkResult result)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(result, RunJson.Result);
        byte[] line = [.. json, (byte)'\n'];
        lock (gate)
        {
            file.Write(line);
            file.Flush(flushToDisk: true);
        }
    }

    public void Dispose() => file.Dispose();

    /// <param name="path">For messages.</param>
    /// <param name="content">The file's bytes.</param>
    /// <param name="end">Where the last whole line ends.</param>
    private static List<BenchmarkResult> Parse(string path, byte[] content, out int end)
    {
        var results = new List<BenchmarkResult>();
        end = 0;
        while (true)
        {
            int length = content.AsSpan(end).IndexOf((byte)'\n');
            if (length < 0)
            {
                return results;
            }

            results.Add(ParseLine(path, results.Count + 1, content.AsSpan(end, length)));
            end += length + 1;
        }
    }

    private static BenchmarkResult ParseLine(string path, int number, ReadOnlySpan<byte> line)
    {
        try
        {
            // The serializer fills members that a line leaves out with null, whatever their type says.
            if (JsonSerializer.Deserialize(line, RunJson.Result) is { Sections: not null } result)
            {
                return result;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new BenchmarkRunException(FormattableString.Invariant($"{path}: line {number}: expected a result, found \"{Head(line)}\": {e.Message}"), e);
        }

        throw new BenchmarkRunException(FormattableString.Invariant($"{path}: line {number}: expected a result, found \"{Head(line)}\"."));
    }

    private static string Head(ReadOnlySpan<byte> line)
    {
        string text = Encoding.UTF8.GetString(line[..Math.Min(line.Length, 40)]);
        return string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) + (line.Length > 40 ? "…" : "");
    }
}
