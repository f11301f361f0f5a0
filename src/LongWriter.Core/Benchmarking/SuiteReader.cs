using System.Security.Cryptography;

namespace LongWriter.Benchmarking;

/// <summary>What tells one kind of suite file from another.</summary>
/// <param name="Name">Name of the suite; ids that a file leaves out begin with it.</param>
/// <param name="BinEdges">Its length bins.</param>
internal sealed record SuiteForm(string Name, IReadOnlyList<int> BinEdges)
{
    /// <summary>Labels of the file and the names they are given; null where labels are taken as they are.</summary>
    public IReadOnlyDictionary<string, string>? TypeNames { get; init; }
}

/// <summary>Reads a suite from JSON lines: all of it, or an error that lists what is wrong with it.</summary>
internal static class SuiteReader
{
    private const int MaxProblemsShown = 10;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public static BenchmarkSuite Read(string path, SuiteForm form)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        byte[] file = File.ReadAllBytes(path);
        var problems = new List<string>();
        var items = new List<BenchmarkItem>();
        var lineOfId = new Dictionary<string, int>(StringComparer.Ordinal);
        int line = 0;
        int place = 0;
        foreach (ReadOnlyMemory<byte> json in Lines(file))
        {
            line++;
            if (IsBlank(json.Span))
            {
                continue;
            }

            place++;
            if (new SuiteLine(form, line, problems).Read(json, place) is not { } item)
            {
                continue;
            }

            if (!lineOfId.TryAdd(item.Id, line))
            {
                problems.Add(FormattableString.Invariant($"line {line}: id: expected one that no other line has, found \"{item.Id}\", which line {lineOfId[item.Id]} has."));
            }

            items.Add(item);
        }

        if (place == 0)
        {
            problems.Add("expected at least one line with a JSON object, found none.");
        }

        return problems.Count > 0
            ? throw new BenchmarkSuiteException(Message(path, problems), problems)
            : new BenchmarkSuite { Name = form.Name, Version = Convert.ToHexStringLower(SHA256.HashData(file)), Items = items, BinEdges = form.BinEdges };
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(byte[] file)
    {
        int start = file.AsSpan().StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        while (start < file.Length)
        {
            int length = file.AsSpan(start).IndexOf((byte)'\n');
            length = length < 0 ? file.Length - start : length;
            yield return file.AsMemory(start, length);
            start += length + 1;
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\r"u8) < 0;

    private static string Message(string path, List<string> problems)
    {
        if (problems.Count == 1)
        {
            return $"{path}: {problems[0]}";
        }

        IEnumerable<string> lines = problems.Take(MaxProblemsShown);
        if (problems.Count > MaxProblemsShown)
        {
            lines = lines.Append(FormattableString.Invariant($"and {problems.Count - MaxProblemsShown} more."));
        }

        return FormattableString.Invariant($"{path}: {problems.Count} problems:\n  {string.Join("\n  ", lines)}");
    }
}
