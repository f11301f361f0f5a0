using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Throughput;

/// <summary>
/// Writes one document of sections in three ways, all held to the same tokens of text: as a conversation, each section a turn, with what was computed kept (how the
/// writer asks); and as the paper's single prompt, which holds the text so far before each question, without and with what was computed kept. The
/// last writes what the first writes, so that only the prompts differ. The ways take turns round by round.
/// </summary>
internal static class DocumentRun
{
    /// <summary>A section of 500 words, as the embedded model's tokenizer cuts English.</summary>
    public const int SectionTokens = 750;

    /// <summary>Instruction and plan, and the question for a section.</summary>
    public const int HeadTokens = 600;
    public const int AskTokens = 40;

    public static async Task<IReadOnlyList<DocumentSamples>> RunAsync(ThroughputOptions options, int sections, TextWriter progress)
    {
        List<DocumentSamples> all = [];
        foreach (string precision in options.Precisions)
        {
            ThroughputRun.Subject subject = ThroughputRun.Prepare(options, precision);
            DocumentSamples[] ways =
            [
                new(precision, subject.Manifest.Profile, "conversation, kept", IsConversation: true, IsKept: true),
                new(precision, subject.Manifest.Profile, "single prompt, not kept", IsConversation: false, IsKept: false),
                new(precision, subject.Manifest.Profile, "single prompt, kept", IsConversation: false, IsKept: true),
            ];
            using DecodingEngine engine = Load(options, subject, sections);
            for (int round = 0; round < options.Rounds; round++)
            {
                for (int i = 0; i < ways.Length; i++)
                {
                    DocumentSamples way = ways[(i + round) % ways.Length];
                    way.Rounds.Add(await WriteAsync(engine, way, sections, round));
                    progress.WriteLine($"{precision}, round {round + 1} of {options.Rounds}, {way.Way}: {way.Rounds[^1].Seconds:0.0} s, of them {way.Rounds[^1].PrefillSeconds:0.0} s of reading.");
                }
            }

            all.AddRange(ways);
        }

        return all;
    }

    private static DecodingEngine Load(ThroughputOptions options, ThroughputRun.Subject subject, int sections)
    {
        int needed = HeadTokens + (sections * (AskTokens + SectionTokens)) + 1;
        int available = subject.Manifest.MaxPositions;
        return needed <= available
            ? DecodingEngine.Load(
                new EngineOptions
                {
                    ModelFolder = subject.Folder,
                    MaxContextTokens = needed,
                    Slots = 1,
                    MaxConcurrentSequences = 1,
                    Threads = options.Threads,
                    Runtime = new OnnxRuntimeOptions(),
                    PromptLookup = false,
                },
                NullLogger.Instance)
            : throw new ArgumentException($"--sections must fit the model's {available} tokens but {sections} sections take {needed}.");
    }

    private static async Task<DocumentSample> WriteAsync(DecodingEngine engine, DocumentSamples way, int sections, int round)
    {
        await Prompts.EvictAsync(engine);
        int[] head = Prompts.Draw(HeadTokens, round, engine.VocabSize);
        List<int> conversation = [.. head];
        List<int> text = [];
        double prefill = 0;
        double decode = 0;
        for (int section = 0; section < sections; section++)
        {
            int[] ask = Prompts.Draw(AskTokens, 1000 + section, engine.VocabSize);
            int[] written = Prompts.Draw(SectionTokens, 2000 + section, engine.VocabSize);
            int[] prompt = way.IsConversation ? [.. conversation, .. ask] : [.. head, .. text, .. ask];
            if (!way.IsKept)
            {
                await Prompts.EvictAsync(engine);
            }

            (double toFirst, double fromFirst, DecodingResult result) = await ForcedText.GenerateAsync(engine, [.. prompt, .. written], prompt.Length);
            if (!way.IsKept && result.CachedPromptTokens > 0)
            {
                throw new GreedyProofException($"Nothing may be kept but {result.CachedPromptTokens} tokens were. Nothing was measured.");
            }

            prefill += toFirst;
            decode += fromFirst;
            conversation.AddRange([.. ask, .. written]);
            text.AddRange(written);
        }

        return new DocumentSample(prefill + decode, prefill);
    }
}

/// <summary>What the rounds gave for one way to write.</summary>
/// <param name="Precision">Of the weights.</param>
/// <param name="Profile">Of the export.</param>
/// <param name="Way">Its name.</param>
/// <param name="IsConversation">Sections are turns; else each prompt holds the text.</param>
/// <param name="IsKept">What was computed is used again.</param>
internal sealed record DocumentSamples(string Precision, string Profile, string Way, bool IsConversation, bool IsKept)
{
    public List<DocumentSample> Rounds { get; } = [];

    public double Seconds => Percentiles.Median(Rounds.Select(round => round.Seconds));

    public double PrefillSeconds => Percentiles.Median(Rounds.Select(round => round.PrefillSeconds));
}

/// <summary>Seconds of one round.</summary>
internal readonly record struct DocumentSample(double Seconds, double PrefillSeconds);
