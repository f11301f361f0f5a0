using LongWriter.Onnx.Export;

namespace LongWriter.Throughput.Peers;

/// <summary>
/// The engine against others on the same weights: reading a prompt, and decoding behind it, all held to the same tokens, taking turns within each round. Before that it is
/// counted how often they find the same token likeliest after each of those tokens: a comparison of engines that compute different things would say nothing.
/// </summary>
internal static class PeerRun
{
    private const int ReferencePrompt = 16;

    public static async Task<IReadOnlyList<Measurement>> RunAsync(ThroughputOptions options, TextWriter progress)
    {
        List<Measurement> all = [];
        foreach (string precision in options.Precisions)
        {
            ThroughputRun.Subject subject = ThroughputRun.Prepare(options, precision);
            int longest = Math.Max(options.Contexts.Max() + options.NewTokens, options.Prefill.Append(0).Max());
            int[] reference = await WriteReferenceAsync(options, precision);
            using PeerEngines engines = await PeerEngines.LoadAsync(options, subject, longest + 1);
            await CompareAsync(engines, reference, precision, all, progress);
            foreach (int context in options.Contexts.Union(options.Prefill).Order())
            {
                await MeasureAsync(engines, precision, context, options, all);
                progress.WriteLine($"{precision}, context {context}: {options.Rounds} rounds.");
            }
        }

        return all;
    }

    /// <summary>A text that the model writes with our engine and the very values that the others have: in blocks of 32.</summary>
    private static async Task<int[]> WriteReferenceAsync(ThroughputOptions options, string precision)
    {
        ExportOptions export = ExportOptions.Reproducible with { Weights = precision == "int4" ? WeightPrecision.Int4 : WeightPrecision.Int8 };
        using OwnEngine engine = OwnEngine.Load(options, ThroughputRun.Prepare(options, precision, export), ReferencePrompt + options.NewTokens + 1, sequences: 1);
        return await engine.WriteGreedilyAsync(Prompts.Draw(ReferencePrompt, 7, engine.Engine.VocabSize), options.NewTokens);
    }

    /// <summary>The share of places in the reference at which each engine finds its token likeliest. In larger blocks ours has other values.</summary>
    private static async Task CompareAsync(PeerEngines engines, int[] reference, string precision, List<Measurement> all, TextWriter progress)
    {
        foreach (IPeerEngine engine in engines.All)
        {
            int[] likeliest = await engine.FindLikeliestAsync(reference, ReferencePrompt);
            double share = likeliest.Zip(reference.Skip(ReferencePrompt), (id, its) => id == its ? 1.0 : 0).Average();
            all.Add(New(engine, precision, "likeliest", null, "share") with { ByRound = [share] });
            progress.WriteLine($"{precision}: {engine.Name} finds the token likeliest that our blocks of 32 wrote in {share:P1} of {likeliest.Length} places.");
        }
    }

    private static async Task MeasureAsync(PeerEngines engines, string precision, int context, ThroughputOptions options, List<Measurement> all)
    {
        bool isPrefill = options.Prefill.Count == 0 || options.Prefill.Contains(context);
        int newTokens = options.Contexts.Contains(context) ? options.NewTokens : 1;
        Dictionary<IPeerEngine, Measurement> prefill = engines.All.ToDictionary(engine => engine, engine => New(engine, precision, "prefill", context, "tokens/s"));
        Dictionary<IPeerEngine, Measurement> decode = engines.All.ToDictionary(engine => engine, engine => New(engine, precision, "decode", context, "tokens/s"));
        for (int round = 0; round < options.Rounds; round++)
        {
            int[] text = Prompts.Draw(context + newTokens, round, engines.Own.Engine.VocabSize);
            foreach (IPeerEngine engine in engines.InRound(round))
            {
                await engine.ForgetAsync();
                ForcedTimes times = await engine.ForceAsync(text, context);
                prefill[engine].ByRound.Add((context - times.KeptTokens) / times.ToFirst);
                decode[engine].ByRound.Add((newTokens - 1) / times.FromFirst);
            }
        }

        all.AddRange(isPrefill ? prefill.Values : []);
        all.AddRange(newTokens > 1 ? decode.Values : []);
    }

    private static Measurement New(IPeerEngine engine, string precision, string what, int? context, string unit) => new()
    {
        Engine = engine.Name,
        Precision = precision,
        Weights = engine.Weights,
        Profile = engine.Profile,
        What = what,
        ContextTokens = context,
        Unit = unit,
    };
}
