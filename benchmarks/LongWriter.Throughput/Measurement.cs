namespace LongWriter.Throughput;

/// <summary>One thing that was measured of one engine, round by round.</summary>
internal sealed record Measurement
{
    public required string Engine { get; init; }

    /// <summary>Of the export that is compared: int8, int4 or float32. Null for the machine itself.</summary>
    public string? Precision { get; init; }

    /// <summary>What the engine calls its weights.</summary>
    public string? Weights { get; init; }

    /// <summary>Of our export; null for others.</summary>
    public string? Profile { get; init; }

    /// <summary>prefill, decode, batch, document, reading, likeliest, bandwidth, load, private memory, step, phase, drafted, drafted and right, or decode without and with look-up or drafts.</summary>
    public required string What { get; init; }

    /// <summary>Which text or which way; null where there is one.</summary>
    public string? Case { get; init; }

    public int? ContextTokens { get; init; }

    /// <summary>Decoded together.</summary>
    public int? Sequences { get; init; }

    /// <summary>Tokens of a sequence in one step.</summary>
    public int? Rows { get; init; }

    public int? Threads { get; init; }

    /// <summary>tokens/s, s, ms, MiB, share or GB/s.</summary>
    public required string Unit { get; init; }

    public List<double> ByRound { get; init; } = [];

    public double Median => Percentiles.Median(ByRound);

    /// <summary>This one's over another's, of the two that stand side by side in a round.</summary>
    public double Over(Measurement other) => Percentiles.Median(ByRound.Zip(other.ByRound, (own, its) => own / its));

    /// <summary>The first one of ours of the same kind, with which others are compared; null when there is none.</summary>
    public Measurement? Ours(IEnumerable<Measurement> all) => all.FirstOrDefault(other =>
        other.Engine == "LongWriter" && other.Precision == Precision && other.What == What && other.Case == Case && other.ContextTokens == ContextTokens && other.Sequences == Sequences);
}
