using System.Diagnostics;
using System.Globalization;
using System.Text;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Throughput;

/// <summary>How long a model takes to load, from its exported folder to the first token of a short prompt, and what memory it then holds. Forms take turns; files are in the system's cache from the second round on.</summary>
internal static class LoadRun
{
    private const int PromptTokens = 8;

    public static async Task<IReadOnlyList<Measurement>> RunAsync(ThroughputOptions options, TextWriter progress)
    {
        (string Form, ThroughputRun.Subject Subject, Measurement Load, Measurement Memory)[] forms =
        [
            .. from precision in options.Precisions
               from form in Forms(options.ExportFor(precision))
               let subject = ThroughputRun.Prepare(options, precision, form.Export)
               select (form.Name, subject, New(precision, form.Name, "load", "ms"), New(precision, form.Name, "private memory", "MiB")),
        ];
        for (int round = 0; round <= options.Rounds; round++)
        {
            foreach ((string form, ThroughputRun.Subject subject, Measurement load, Measurement memory) in forms)
            {
                GC.Collect();
                long before = Machine.MemoryBytes();
                long begin = Stopwatch.GetTimestamp();
                using DecodingEngine engine = DecodingEngine.Load(
                    new EngineOptions { ModelFolder = subject.Folder, Slots = 1, MaxConcurrentSequences = 1, Threads = options.Threads, PromptLookup = false, Runtime = new OnnxRuntimeOptions() },
                    NullLogger.Instance);
                var request = new DecodingRequest(Prompts.Draw(PromptTokens, 1, engine.VocabSize), SamplingOptions.Greedy, 1, []);
                await engine.DecodeAsync(request, static _ => true, CancellationToken.None);
                double ms = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;

                // The first round compiles code and brings files into memory.
                if (round > 0)
                {
                    load.ByRound.Add(ms);
                    memory.ByRound.Add((Machine.MemoryBytes() - before) / (double)(1 << 20));
                    progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{subject.Precision}, {form}: {ms:F0} ms."));
                }
            }
        }

        return [.. forms.SelectMany(form => new[] { form.Load, form.Memory })];
    }

    public static string Format(ThroughputOptions options, IReadOnlyList<Measurement> all, Machine machine)
    {
        var text = new StringBuilder("| precision | operators | load to first token, ms | private memory taken, MiB |\n|---|---|---:|---:|\n");
        foreach (Measurement row in all.Where(row => row.What == "load"))
        {
            Measurement memory = all.First(other => other.What == "private memory" && other.Precision == row.Precision && other.Case == row.Case);
            text.Append(CultureInfo.InvariantCulture, $"| {row.Precision} | {row.Case} | {row.Median:F0} | {memory.Median:F0} |\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\n{options.Threads} threads; {machine.ToText()}. Medians of {options.Rounds} rounds after one that is not counted, in one process.\n");
        return text.ToString();
    }

    /// <summary>An export as the options say, and the same with ONNX Runtime's operators where these would be ours.</summary>
    private static IEnumerable<(string Name, ExportOptions Export)> Forms(ExportOptions export)
    {
        if (!export.HasOwnOperators)
        {
            return [("ONNX Runtime's", export)];
        }

        return [("our own", export), ("ONNX Runtime's", export with { OwnOperators = false })];
    }

    private static Measurement New(string precision, string form, string what, string unit) => new()
    {
        Engine = "LongWriter",
        Precision = precision,
        What = what,
        Case = form,
        Unit = unit,
    };
}
