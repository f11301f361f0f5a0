using LongWriter.Throughput.Peers;

namespace LongWriter.Throughput;

/// <summary>
/// Writes one document of sections in three ways, all held to the same tokens of text: as a conversation, each section a turn, with what was computed kept (how the
/// writer asks); and as the paper's single prompt, which holds the text so far before each question, without and with what was computed kept. The
/// last writes what the first writes, so that only the prompts differ. The ways, and engines where there are several, take turns round by round.
/// </summary>
internal static class DocumentRun
{
    /// <summary>Instruction and plan, and the question for a section.</summary>
    public const int HeadTokens = 600;
    public const int AskTokens = 40;

    /// <param name="options">What is measured.</param>
    /// <param name="sections">Of the document.</param>
    /// <param name="progress">Told of each document.</param>
    /// <param name="save">Given what was measured so far after each document, since one may take half an hour.</param>
    public static async Task<IReadOnlyList<Measurement>> RunAsync(ThroughputOptions options, int sections, TextWriter progress, Func<IReadOnlyList<Measurement>, Task> save)
    {
        List<Measurement> all = [];
        foreach (string precision in options.Precisions)
        {
            ThroughputRun.Subject subject = ThroughputRun.Prepare(options, precision);
            using PeerEngines engines = await PeerEngines.LoadAsync(options, subject, HeadTokens + (sections * (AskTokens + options.SectionTokens)) + 1);
            (IPeerEngine Engine, DocumentWay Way, Measurement Total, Measurement Reading)[] runs =
            [
                .. DocumentWay.All.SelectMany(way => engines.All.Where(engine => (engine == engines.All[0] ? options.Ways : options.PeerWays).Contains(way.Key)).Select(engine => (engine, way, New(engine, precision, "document", way), New(engine, precision, "reading", way)))),
            ];
            foreach (IPeerEngine engine in engines.All)
            {
                // Code paths and threads are warm before the first round, which may be the only one.
                await engine.ForceAsync(Prompts.Draw(HeadTokens + AskTokens, 3000, subject.Manifest.VocabSize), HeadTokens);
            }

            for (int round = 0; round < options.Rounds; round++)
            {
                for (int i = 0; i < runs.Length; i++)
                {
                    (IPeerEngine engine, DocumentWay way, Measurement total, Measurement reading) = runs[(i + round) % runs.Length];
                    (double seconds, double prefill) = await WriteAsync(engine, way, sections, options.SectionTokens, subject.Manifest.VocabSize, round);
                    total.ByRound.Add(seconds);
                    reading.ByRound.Add(prefill);
                    progress.WriteLine($"{precision}, round {round + 1} of {options.Rounds}, {engine.Name}, {way.Name}: {seconds:0.0} s, of them {prefill:0.0} s of reading.");
                    await save([.. all, .. runs.SelectMany(run => new[] { run.Total, run.Reading }).Where(measurement => measurement.ByRound.Count > 0)]);
                }
            }

            all.AddRange(runs.SelectMany(run => new[] { run.Total, run.Reading }));
        }

        return all;
    }

    private static async Task<(double Seconds, double Prefill)> WriteAsync(IPeerEngine engine, DocumentWay way, int sections, int sectionTokens, int vocabSize, int round)
    {
        await engine.ForgetAsync();
        int[] head = Prompts.Draw(HeadTokens, round, vocabSize);
        List<int> conversation = [.. head];
        List<int> text = [];
        double prefill = 0;
        double decode = 0;
        for (int section = 0; section < sections; section++)
        {
            int[] ask = Prompts.Draw(AskTokens, 1000 + section, vocabSize);
            int[] written = Prompts.Draw(sectionTokens, 2000 + section, vocabSize);
            int[] prompt = way.IsConversation ? [.. conversation, .. ask] : [.. head, .. text, .. ask];
            if (!way.IsKept)
            {
                await engine.ForgetAsync();
            }

            ForcedTimes times = await engine.ForceAsync([.. prompt, .. written], prompt.Length);
            if (!way.IsKept && times.KeptTokens > 0)
            {
                throw new GreedyProofException($"Nothing may be kept but {times.KeptTokens} tokens were. Nothing was measured.");
            }

            prefill += times.ToFirst;
            decode += times.FromFirst;
            conversation.AddRange([.. ask, .. written]);
            text.AddRange(written);
        }

        return (prefill + decode, prefill);
    }

    private static Measurement New(IPeerEngine engine, string precision, string what, DocumentWay way) => new()
    {
        Engine = engine.Name,
        Precision = precision,
        Weights = engine.Weights,
        Profile = engine.Profile,
        What = what,
        Case = way.Name,
        Unit = "s",
    };
}
