using System.Globalization;
using System.Text;
using LongWriter.Onnx;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Throughput;

/// <summary>What drafting by a second model gains, by how often its drafts are right: decoding with and without take turns in each round, and both are held to the same token ids.</summary>
internal static class DraftRun
{
    private const string With = "decode with drafts";
    private const string Without = "decode without drafts";
    private const string Drafted = "drafted";
    private const string Accepted = "drafted and right";

    private static readonly double[] Rights = [0, 0.3, 0.5, 0.7, 0.8, 0.9];

    private static readonly (string What, string Unit)[] Kinds = [(Without, "tokens/s"), (With, "tokens/s"), (Drafted, "tokens"), (Accepted, "tokens")];

    public static async Task<IReadOnlyList<Measurement>> RunAsync(ThroughputOptions options, TextWriter progress)
    {
        List<Measurement> all = [];
        foreach (string precision in options.Precisions)
        {
            ThroughputRun.Subject subject = ThroughputRun.Prepare(options, precision);
            string draftFolder = new ModelCache(options.CacheFolder).Prepare(options.DraftFolder!, options.ExportFor(precision), progress: null, CancellationToken.None);
            (int Context, double Right, Measurement[] Measured)[] cases =
                [.. options.Contexts.SelectMany(context => Rights.Select(right => (context, right, Kinds.Select(kind => New(subject, kind.What, kind.Unit, right, context)).ToArray())))];
            for (int round = 0; round < options.Rounds; round++)
            {
                // Loaded anew, as where weights come to lie makes some hundredths of a difference.
                await MeasureAsync(options, subject, draftFolder, cases, withFirst: round % 2 == 1);
                progress.WriteLine($"{precision}: round {round + 1} of {options.Rounds}.");
            }

            all.AddRange(cases.SelectMany(item => item.Measured));
        }

        return all;
    }

    private static async Task MeasureAsync(
        ThroughputOptions options, ThroughputRun.Subject subject, string draftFolder, IReadOnlyList<(int Context, double Right, Measurement[] Measured)> cases, bool withFirst)
    {
        int vocabSize = subject.Manifest.VocabSize;
        var runtime = new OnnxRuntimeOptions { IntraOpThreads = options.Threads };
        EngineOptions engineOptions = new()
        {
            ModelFolder = subject.Folder,
            MaxContextTokens = options.ContextTokensOf(subject.Manifest.MaxPositions),
            Slots = 1,
            MaxConcurrentSequences = 1,
            Threads = options.Threads,
            Runtime = runtime,
            PromptLookup = false,
        };
        var drafter = new RightNowAndThen(ModelDrafter.Load(draftFolder, vocabSize, runtime, engineOptions.MaxContextTokens.Value, NullLogger.Instance), vocabSize);
        using DecodingEngine first = DecodingEngine.Load(Options(withFirst), NullLogger.Instance);
        using DecodingEngine second = DecodingEngine.Load(Options(!withFirst), NullLogger.Instance);
        foreach ((int context, double right, Measurement[] measured) in cases)
        {
            drafter.Text = Prompts.Draw(context + options.NewTokens, context, vocabSize);
            drafter.Right = right;
            foreach (DecodingEngine engine in (DecodingEngine[])[first, second])
            {
                (double speed, DecodingResult result) = await ForcedText.SpeedAsync(engine, drafter.Text, context);
                bool isWith = (engine == first) == withFirst;
                measured[isWith ? 1 : 0].ByRound.Add(speed);
                if (isWith)
                {
                    measured[2].ByRound.Add(result.DraftedTokens);
                    measured[3].ByRound.Add(result.AcceptedTokens);
                }
            }
        }

        EngineOptions Options(bool with) => with ? engineOptions with { Drafter = drafter, Runtime = runtime.InTurns() } : engineOptions;
    }

    public static string Format(ThroughputOptions options, IReadOnlyList<Measurement> all, Machine machine)
    {
        var text = new StringBuilder("| precision | context | a draft is right | tokens/s without | with | gain | drafted | of these right |\n|---|---:|---:|---:|---:|---:|---:|---:|\n");
        foreach (Measurement with in all.Where(row => row.What == With))
        {
            Measurement Other(string what) => all.First(row => row.What == what && row.Precision == with.Precision && row.ContextTokens == with.ContextTokens && row.Case == with.Case);
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {with.Precision} | {with.ContextTokens} | {with.Case} | {Other(Without).Median:F0} | {with.Median:F0} | {with.Over(Other(Without)):F2} | {Other(Drafted).Median:F0} | {Other(Accepted).Median:F0} |\n");
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"\nDrafts of {ThroughputRun.NameOf(options.DraftFolder!)}; {options.Threads} threads; {machine.ToText()}. Medians of {options.Rounds} rounds of {options.NewTokens} tokens, both held to the same tokens.\n");
        return text.ToString();
    }

    private static Measurement New(ThroughputRun.Subject subject, string what, string unit, double right, int context) => new()
    {
        Engine = "LongWriter", Precision = subject.Precision, Profile = subject.Profile, What = what, Case = right.ToString("P0", CultureInfo.InvariantCulture), ContextTokens = context, Unit = unit,
    };
}
