using System.CommandLine;
using System.Globalization;
using LongWriter.Benchmarking;

namespace LongWriter.Cli;

/// <summary>Finds the suite that a bench command names.</summary>
internal sealed class BenchSuite(ParseResult parsed)
{
    private readonly string name = parsed.GetValue(BenchCommand.Suite)!;

    /// <exception cref="ArgumentException">There is no such suite, or options that do not belong to it.</exception>
    /// <exception cref="BenchmarkSuiteException">The file cannot be used.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public BenchmarkSuite Read()
    {
        RefuseForeignOptions();
        BenchmarkSuite suite = name switch
        {
            LongBenchWrite.Name => LongBenchWrite.Load(ReleasedFile("longbench_write.jsonl")),
            LongWriteRuler.Name => LongWriteRuler.Load(ReleasedFile("longwrite_ruler.jsonl")),
            LengthRuler.Name => LengthRuler.Create(ReadLengths(), parsed.GetValue(BenchCommand.Languages)?.Split(',', StringSplitOptions.TrimEntries)),
            _ when File.Exists(name) => BenchmarkSuiteFile.Load(name),
            _ => throw new ArgumentException($"The suite must be {LongBenchWrite.Name}, {LongWriteRuler.Name}, {LengthRuler.Name} or a file but is \"{name}\"."),
        };
        return parsed.GetValue(BenchCommand.Limit) is { } limit ? suite.Take(limit) : suite;
    }

    private void RefuseForeignOptions()
    {
        if (parsed.GetValue(BenchCommand.Data) is not null && name is not (LongBenchWrite.Name or LongWriteRuler.Name))
        {
            throw new ArgumentException($"--data is for {LongBenchWrite.Name} and {LongWriteRuler.Name}, not for {name}.");
        }

        foreach (Option<string?> option in new[] { BenchCommand.Lengths, BenchCommand.Languages })
        {
            if (parsed.GetValue(option) is not null && name != LengthRuler.Name)
            {
                throw new ArgumentException($"{option.Name} is for {LengthRuler.Name}, not for {name}.");
            }
        }
    }

    private string ReleasedFile(string fileName)
    {
        string path = parsed.GetValue(BenchCommand.Data) ?? throw new ArgumentException(
            $"{name} needs --data FILE, the released prompts: {fileName} in the folder evaluation of THUDM/LongWriter on GitHub (Apache-2.0).");
        return File.Exists(path) ? path : throw new IOException($"--data: {path} does not exist.");
    }

    private List<int>? ReadLengths()
    {
        if (parsed.GetValue(BenchCommand.Lengths) is not { } text)
        {
            return null;
        }

        var lengths = new List<int>();
        foreach (string part in text.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int length))
            {
                throw new ArgumentException($"--lengths must be whole numbers with commas between them, such as 500,1000, but is \"{text}\".");
            }

            lengths.Add(length);
        }

        return lengths;
    }
}
