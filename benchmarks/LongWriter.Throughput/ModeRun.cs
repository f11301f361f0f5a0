using System.Text.Json;
using LongWriter.Throughput.Peers;

namespace LongWriter.Throughput;

/// <summary>Runs the mode that the options name, prints its table and saves its result.</summary>
internal static class ModeRun
{
    /// <summary>False when the options name none of these modes.</summary>
    public static async Task<bool> TryAsync(ThroughputOptions options, TextWriter output, TextWriter progress)
    {
        DateTimeOffset startedAt = TimeProvider.System.GetUtcNow();
        double? load = Machine.LoadAverage();
        if (options.BandwidthMebibytes is { } mebibytes)
        {
            IReadOnlyList<Measurement> rows = Bandwidth.Measure(mebibytes, options.Rounds, options.Threads, progress);
            await SaveAsync(options, "bandwidth", rows, startedAt, Machine.Describe(load));
        }
        else if (options.Sections is { } sections)
        {
            IReadOnlyList<Measurement> rows = await DocumentRun.RunAsync(options, sections, progress, soFar => SaveAsync(options, "sections", soFar, startedAt, Machine.Describe(load)));
            Machine machine = Machine.Describe(load);
            await output.WriteAsync(DocumentReport.Format(options, sections, rows, machine));
            await SaveAsync(options, "sections", rows, startedAt, machine);
        }
        else if (options.IsLookup)
        {
            IReadOnlyList<LookupSamples> samples = await LookupRun.RunAsync(options, progress);
            Machine machine = Machine.Describe(load);
            await output.WriteAsync(LookupReport.Format(options, samples, machine));
            await SaveAsync(options, "lookup", [.. samples.SelectMany(sample => sample.ToMeasurements())], startedAt, machine);
        }
        else if (options.DraftFolder is not null)
        {
            IReadOnlyList<Measurement> rows = await DraftRun.RunAsync(options, progress);
            Machine machine = Machine.Describe(load);
            await output.WriteAsync(DraftRun.Format(options, rows, machine));
            await SaveAsync(options, "drafts", rows, startedAt, machine);
        }
        else if (options.IsLoad)
        {
            IReadOnlyList<Measurement> rows = await LoadRun.RunAsync(options, progress);
            Machine machine = Machine.Describe(load);
            await output.WriteAsync(LoadRun.Format(options, rows, machine));
            await SaveAsync(options, "load", rows, startedAt, machine);
        }
        else if (options.IsPhases)
        {
            IReadOnlyList<Measurement> rows = await PhaseRun.RunAsync(options, progress);
            Machine machine = Machine.Describe(load);
            var weightBytes = StepBytesOf(options, SubjectsOf(options)).Where(size => size.Engine == "LongWriter").ToDictionary(size => size.Precision, size => size.WeightBytes);
            await output.WriteAsync(PhaseReport.Format(options, rows, weightBytes, machine));
            await SaveAsync(options, "phases", rows, startedAt, machine);
        }
        else if (options.Batches.Count > 0 && options.LlamaFolder is not null)
        {
            IReadOnlyList<Measurement> rows = await PeerBatchRun.RunAsync(options, progress);
            Machine machine = Machine.Describe(load);
            await output.WriteAsync(PeerBatchReport.Format(options, rows, machine));
            await SaveAsync(options, "batch", rows, startedAt, machine);
        }
        else if (options.Batches.Count > 0)
        {
            IReadOnlyList<BatchSamples> samples = await BatchRun.RunAsync(options, progress);
            Machine machine = Machine.Describe(load);
            await output.WriteAsync(BatchReport.Format(options, samples, machine));
            await SaveAsync(options, "batch", [.. samples.Select(sample => sample.ToMeasurement())], startedAt, machine);
        }
        else if (options.HasPeers)
        {
            IReadOnlyList<Measurement> rows = await PeerRun.RunAsync(options, progress);
            Machine machine = Machine.Describe(load);
            await output.WriteAsync(PeerReport.Format(options, rows, machine));
            await SaveAsync(options, "peers", rows, startedAt, machine);
        }
        else
        {
            return false;
        }

        return true;
    }

    private static async Task SaveAsync(ThroughputOptions options, string mode, IReadOnlyList<Measurement> rows, DateTimeOffset startedAt, Machine machine)
    {
        if (options.JsonPath is null)
        {
            return;
        }

        ThroughputRun.Subject[] subjects = SubjectsOf(options);
        var result = new ModeResult
        {
            Mode = mode,
            Model = subjects.Length == 0 ? null : ThroughputRun.NameOf(options.ModelFolder),
            ModelSha256 = subjects.FirstOrDefault()?.Manifest.SourceSha256,
            StepBytes = StepBytesOf(options, subjects),
            Arguments = [.. options.Arguments.Select(argument => Path.IsPathRooted(argument) ? Path.GetFileName(Path.TrimEndingDirectorySeparator(argument)) : argument)],
            Rounds = options.Rounds,
            NewTokens = options.NewTokens,
            Threads = options.Threads,
            Seed = ThroughputRun.Seed,
            StartedAt = startedAt,
            Machine = machine,
            Versions = Versions.Find(),
            PeakMemoryBytes = Machine.PeakMemoryBytes(),
            Measurements = rows,
        };
        await File.WriteAllTextAsync(options.JsonPath, JsonSerializer.Serialize(result, ThroughputJson.Default.ModeResult) + "\n");
    }

    private static ThroughputRun.Subject[] SubjectsOf(ThroughputOptions options) =>
        options.ModelFolder.Length == 0 ? [] : [.. options.Precisions.Select(precision => ThroughputRun.Prepare(options, precision))];

    /// <summary>Nothing for a folder that was exported before: it has no shapes to count bytes from.</summary>
    private static IReadOnlyList<StepBytes> StepBytesOf(ThroughputOptions options, IReadOnlyList<ThroughputRun.Subject> subjects) =>
        Directory.Exists(options.ModelFolder) && Directory.EnumerateFiles(options.ModelFolder, "*.safetensors").Any()
            ? [.. StepBytes.Of(options.ModelFolder, [.. subjects.Select(subject => subject.Manifest)])]
            : [];
}
