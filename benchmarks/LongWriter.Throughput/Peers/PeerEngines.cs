namespace LongWriter.Throughput.Peers;

/// <summary>Ours and the others on the same weights, in memory together. They take turns, and whoever comes first in one round comes later in the next.</summary>
internal sealed class PeerEngines : IDisposable
{
    private readonly List<IPeerEngine> all = [];

    private PeerEngines()
    {
    }

    /// <summary>Ours first.</summary>
    public IReadOnlyList<IPeerEngine> All => all;

    public OwnEngine Own => (OwnEngine)all[0];

    public LlamaEngine? Llama => all.OfType<LlamaEngine>().FirstOrDefault();

    /// <param name="options">Which engines.</param>
    /// <param name="subject">The weights.</param>
    /// <param name="contextTokens">Of each sequence.</param>
    /// <param name="sequences">At once.</param>
    /// <exception cref="ArgumentException">An engine is not where the options say, or the model is too short.</exception>
    public static async Task<PeerEngines> LoadAsync(ThroughputOptions options, ThroughputRun.Subject subject, int contextTokens, int sequences = 1)
    {
        var engines = new PeerEngines();
        try
        {
            engines.all.Add(OwnEngine.Load(options, subject, contextTokens, sequences));
            if (options.LlamaFolder is not null)
            {
                engines.all.Add(LlamaEngine.Load(options, subject, contextTokens, sequences));
            }

            if (options.TransformersFolder is not null && sequences == 1)
            {
                engines.all.Add(await TransformersEngine.LoadAsync(options, subject));
            }

            return engines;
        }
        catch
        {
            engines.Dispose();
            throw;
        }
    }

    public IEnumerable<IPeerEngine> InRound(int round) => all.Select((_, i) => all[(i + round) % all.Count]);

    public void Dispose()
    {
        foreach (IPeerEngine engine in all)
        {
            engine.Dispose();
        }
    }
}
