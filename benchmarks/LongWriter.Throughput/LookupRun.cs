using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Throughput;

/// <summary>
/// What looking drafts up in the text gains, on a text that repeats itself and on one that does not. Both engines are held to the same token ids, and the ids that come out are compared with them;
/// the two take turns within each round, so that what slows the machine down slows both.
/// </summary>
internal static class LookupRun
{
    public const string Repetitive = "repetitive";
    public const string Plain = "plain";

    /// <summary>Tokens of the part that comes again, of which every so many-th is another one each time: a form with its fields.</summary>
    private const int PeriodTokens = 60;
    private const int FieldEvery = 12;

    public static async Task<IReadOnlyList<LookupSamples>> RunAsync(ThroughputOptions options, TextWriter progress)
    {
        List<LookupSamples> all = [];
        foreach (string precision in options.Precisions)
        {
            ThroughputRun.Subject subject = ThroughputRun.Prepare(options, precision);
            (LookupSamples Samples, int[] Text)[] cases = await DrawAsync(options, subject);
            for (int round = 0; round < options.Rounds; round++)
            {
                // Where weights come to lie in memory makes some hundredths of a difference, so engines are loaded anew; what drafts cost they then have to find out, too.
                bool isFirst = round % 2 == 0;
                using DecodingEngine first = Load(options, subject, lookup: !isFirst);
                using DecodingEngine second = Load(options, subject, lookup: isFirst);
                foreach ((LookupSamples samples, int[] text) in cases)
                {
                    (double ofFirst, DecodingResult resultOfFirst) = await ForcedText.SpeedAsync(first, text, samples.ContextTokens);
                    (double ofSecond, DecodingResult resultOfSecond) = await ForcedText.SpeedAsync(second, text, samples.ContextTokens);
                    DecodingResult drafting = isFirst ? resultOfSecond : resultOfFirst;
                    samples.Rounds.Add(new LookupSample(isFirst ? ofFirst : ofSecond, isFirst ? ofSecond : ofFirst, drafting.DraftedTokens, drafting.AcceptedTokens));
                }

                progress.WriteLine($"{precision}: round {round + 1} of {options.Rounds}.");
            }

            all.AddRange(cases.Select(item => item.Samples));
        }

        return all;
    }

    /// <summary>Both texts for each length.</summary>
    private static async Task<(LookupSamples Samples, int[] Text)[]> DrawAsync(ThroughputOptions options, ThroughputRun.Subject subject)
    {
        List<(LookupSamples, int[])> cases = [];
        using DecodingEngine engine = Load(options, subject, lookup: false);
        foreach (int context in options.Contexts)
        {
            cases.Add((new LookupSamples(subject.Precision, subject.Profile, Repetitive, context), Form(context + options.NewTokens, engine.VocabSize)));
            cases.Add((new LookupSamples(subject.Precision, subject.Profile, Plain, context), await SampleAsync(engine, context, options.NewTokens)));
        }

        return [.. cases];
    }

    private static DecodingEngine Load(ThroughputOptions options, ThroughputRun.Subject subject, bool lookup) => DecodingEngine.Load(
        new EngineOptions
        {
            ModelFolder = subject.Folder,
            MaxContextTokens = options.ContextTokensOf(subject.Manifest.MaxPositions),
            Slots = 1,
            MaxConcurrentSequences = 1,
            Threads = options.Threads,
            Runtime = new OnnxRuntimeOptions(),
            PromptLookup = lookup,
        },
        NullLogger.Instance);

    private static int[] Form(int count, int vocabSize)
    {
        int[] form = Prompts.Draw(PeriodTokens, 0, vocabSize);
        int[] fields = Prompts.Draw(count, 1, vocabSize);
        return [.. Enumerable.Range(0, count).Select(index => index % FieldEvery == 0 ? fields[index] : form[index % PeriodTokens])];
    }

    /// <summary>What the model itself writes from a prompt of random tokens.</summary>
    private static async Task<int[]> SampleAsync(DecodingEngine engine, int context, int newTokens)
    {
        // A little of it is drawn, so that most of the context is text.
        int[] begin = Prompts.Draw(Math.Min(8, context), 2, engine.VocabSize);
        List<int> text = [.. begin];
        var sampling = new SamplingOptions { Temperature = 0.7f, TopP = 0.9f, Seed = ThroughputRun.Seed };
        await engine.DecodeAsync(new DecodingRequest(begin, sampling, context + newTokens - begin.Length, []), Accept, CancellationToken.None);
        return [.. text];

        bool Accept(int id)
        {
            text.Add(id);
            return true;
        }
    }
}

/// <summary>What the rounds gave for one text.</summary>
/// <param name="Precision">Of the weights.</param>
/// <param name="Profile">Of the export.</param>
/// <param name="Text">Which text.</param>
/// <param name="ContextTokens">Of the prompt.</param>
internal sealed record LookupSamples(string Precision, string Profile, string Text, int ContextTokens)
{
    public List<LookupSample> Rounds { get; } = [];

    public double Drafted => Percentiles.Median(Rounds.Select(round => (double)round.Drafted));

    public double Accepted => Percentiles.Median(Rounds.Select(round => (double)round.Accepted));

    public double Without => Percentiles.Median(Rounds.Select(round => round.Without));

    public double With => Percentiles.Median(Rounds.Select(round => round.With));

    public IEnumerable<Measurement> ToMeasurements() =>
    [
        ToMeasurement("decode without look-up", "tokens/s", [.. Rounds.Select(round => round.Without)]),
        ToMeasurement("decode with look-up", "tokens/s", [.. Rounds.Select(round => round.With)]),
        ToMeasurement("drafted", "tokens", [.. Rounds.Select(round => (double)round.Drafted)]),
        ToMeasurement("drafted and right", "tokens", [.. Rounds.Select(round => (double)round.Accepted)]),
    ];

    private Measurement ToMeasurement(string what, string unit, List<double> byRound) =>
        new() { Engine = "LongWriter", Precision = Precision, Profile = Profile, What = what, Case = Text, ContextTokens = ContextTokens, Unit = unit, ByRound = byRound };

    /// <summary>Of the two that stand side by side in a round.</summary>
    public double Gain => Percentiles.Median(Rounds.Select(round => round.With / round.Without));
}

/// <summary>One round: tokens per second, and of those with look-up how many tokens were drafted and how many of these were right.</summary>
internal readonly record struct LookupSample(double Without, double With, int Drafted, int Accepted);
