using LongWriter.Onnx;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Throughput;

/// <summary>Proves that the engine's tokens are those of the plain run, then measures, round after round over precisions and contexts.</summary>
internal static class ThroughputRun
{
    /// <summary>Prompts are drawn from it, so that a run can be repeated.</summary>
    public const int Seed = 1;

    public static async Task<ThroughputResult> RunAsync(ThroughputOptions options, TextWriter progress)
    {
        DateTimeOffset startedAt = TimeProvider.System.GetUtcNow();
        double? loadBefore = Machine.LoadAverage();
        Subject[] subjects = [.. options.Precisions.Select(precision => Prepare(options, precision))];
        foreach (Subject subject in subjects)
        {
            using DecodingEngine engine = Load(options, subject);
            await GreedyProof.AssertAsync(engine, subject.Precision);
            progress.WriteLine($"{subject.Precision}: {GreedyProof.Tokens} greedy tokens equal those of the plain run.");
        }

        var cases = subjects.SelectMany(subject => options.Contexts.Select(context => (subject, samples: new ContextSamples(context)))).ToArray();
        for (int round = 0; round < options.Rounds; round++)
        {
            // Only one model is in memory at a time, so that idle threads of another one do not spin beside it.
            foreach (Subject subject in subjects)
            {
                using DecodingEngine engine = Load(options, subject);
                subject.KvBytes = engine.KvBytes;
                var contextCase = new ContextCase(engine, options.NewTokens);
                await contextCase.WarmUpAsync(options.Contexts.Max());
                foreach ((_, ContextSamples samples) in cases.Where(item => item.subject == subject))
                {
                    await contextCase.MeasureAsync(samples, round);
                }
            }

            progress.WriteLine($"Round {round + 1} of {options.Rounds} is done.");
        }

        return new ThroughputResult
        {
            Model = NameOf(options.ModelFolder),
            ModelSha256 = subjects[0].Manifest.SourceSha256,
            Precisions = options.Precisions,
            Contexts = options.Contexts,
            Rounds = options.Rounds,
            NewTokens = options.NewTokens,
            TurnTokens = ContextCase.TurnTokens,
            Threads = options.Threads,
            Seed = Seed,
            ProofTokens = GreedyProof.Tokens,
            StartedAt = startedAt,
            Machine = Machine.Describe(loadBefore),
            Versions = Versions.Find(),
            PeakMemoryBytes = Machine.PeakMemoryBytes(),
            Rows = [.. cases.Select(item => item.samples.ToRow(item.subject.Manifest, item.subject.KvBytes, options.NewTokens))],
        };
    }

    /// <summary>Of an export; those with operators of ours keep the promises of the reproducible profile, but are of the fast one.</summary>
    public static string ProfileOf(ModelManifest manifest) => manifest.OwnOperators ? $"{ModelManifest.Fast}, own operators" : manifest.Profile;

    /// <summary>The folder's own name.</summary>
    public static string NameOf(string modelFolder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(modelFolder)));

    /// <summary>The model at a precision, exported when it was not before, as the options say or in another form.</summary>
    /// <exception cref="ArgumentException">The folder is an export at another precision.</exception>
    public static Subject Prepare(ThroughputOptions options, string precision, ExportOptions? export = null)
    {
        string folder = new ModelCache(options.CacheFolder).Prepare(options.ModelFolder, export ?? options.ExportFor(precision), progress: null, CancellationToken.None);
        ModelManifest manifest = ModelManifestReader.Load(folder);
        return manifest.Precision == precision ? new Subject(precision, folder, manifest)
            : throw new ArgumentException($"--precision must be {manifest.Precision}, as the folder was exported, but is {precision}.");
    }

    private static DecodingEngine Load(ThroughputOptions options, Subject subject)
    {
        // The engine has room for the whole context, as users' have.
        options.ContextTokensOf(subject.Manifest.MaxPositions);
        return DecodingEngine.Load(
            new EngineOptions { ModelFolder = subject.Folder, Slots = 1, MaxConcurrentSequences = 1, Threads = options.Threads, PromptLookup = false, Runtime = new OnnxRuntimeOptions() }, NullLogger.Instance);
    }

    /// <summary>A model at one precision.</summary>
    public sealed record Subject(string Precision, string Folder, ModelManifest Manifest)
    {
        public long KvBytes { get; set; }

        /// <summary>What the tables call the export.</summary>
        public string Profile => ProfileOf(Manifest);
    }
}
