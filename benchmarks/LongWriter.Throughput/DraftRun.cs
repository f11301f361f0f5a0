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

    public static async Task<IReadOnlyList<Measurement>> RunAsync(ThroughputOptions options, TextWriter progress)
    {
        List<Measurement> all = [];
        foreach (string precision in options.Precisions)
        {
            ThroughputRun.Subject subject = ThroughputRun.Prepare(options, precision);
            string draftFolder = new ModelCache(options.CacheFolder).Prepare(options.DraftFolder!, options.ExportFor(precision), progress: null, CancellationToken.None);
            int contextTokens = options.Contexts.Max() + options.NewTokens + 1;
            var runtime = new OnnxRuntimeOptions { IntraOpThreads = options.Threads };
            int vocabSize = subject.Manifest.VocabSize;
            var drafter = new RightNowAndThen(ModelDrafter.Load(draftFolder, vocabSize, runtime, contextTokens, NullLogger.Instance), vocabSize);
            EngineOptions engineOptions = new()
            {
                ModelFolder = subject.Folder, MaxContextTokens = contextTokens, Slots = 1, MaxConcurrentSequences = 1, Threads = options.Threads, Runtime = runtime, PromptLookup = false,
            };
            using DecodingEngine without = DecodingEngine.Load(engineOptions, NullLogger.Instance);
            using DecodingEngine with = DecodingEngine.Load(engineOptions with { Drafter = drafter, Runtime = runtime.InTurns() }, NullLogger.Instance);
            foreach (int context in options.Contexts)
            {
                drafter.Text = Prompts.Draw(context + options.NewTokens, context, vocabSize);
                foreach (double right in Rights)
                {
                    drafter.Right = right;
                    (string What, string Unit)[] kinds = [(Without, "tokens/s"), (With, "tokens/s"), (Drafted, "tokens"), (Accepted, "tokens")];
                    Measurement[] measured = [.. kinds.Select(kind => New(subject, kind.What, kind.Unit, right, context))];
                    for (int round = 0; round <= options.Rounds; round++)
                    {
                        foreach (DecodingEngine engine in round % 2 == 0 ? (DecodingEngine[])[without, with] : [with, without])
                        {
                            (_, double seconds, DecodingResult result) = await ForcedText.GenerateAsync(engine, drafter.Text, context);

                            // In the first round the prompt is read and code compiled.
                            if (round > 0)
                            {
                                measured[engine == with ? 1 : 0].ByRound.Add((options.NewTokens - 1) / seconds);
                            }

                            if (round > 0 && engine == with)
                            {
                                measured[2].ByRound.Add(result.DraftedTokens);
                                measured[3].ByRound.Add(result.AcceptedTokens);
                            }
                        }
                    }

                    all.AddRange(measured);
                    progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{precision}, context {context}, {right:P0} right: {measured[1].Over(measured[0]):F2} times."));
                }
            }
        }

        return all;
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
