using System.Text.Json.Serialization;

namespace LongWriter.Throughput;

/// <summary>A run with all that is needed to run it again.</summary>
internal sealed record ThroughputResult
{
    public string Suite { get; } = "longwriter-throughput";

    public int SuiteVersion { get; } = 2;

    public required string Model { get; init; }

    public required string ModelSha256 { get; init; }

    public required IReadOnlyList<string> Precisions { get; init; }

    public required IReadOnlyList<int> Contexts { get; init; }

    public required int Rounds { get; init; }

    public required int NewTokens { get; init; }

    public required int TurnTokens { get; init; }

    public required int Threads { get; init; }

    public required int Seed { get; init; }

    /// <summary>Greedy tokens that were found equal to the plain run's before anything was measured, for each precision.</summary>
    public required int ProofTokens { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required Machine Machine { get; init; }

    public required Versions Versions { get; init; }

    /// <summary>Of the process, over all precisions; null where the system does not count it.</summary>
    public required long? PeakMemoryBytes { get; init; }

    public required IReadOnlyList<ThroughputRow> Rows { get; init; }
}

/// <summary>One precision at one length of context: medians over the rounds; percentiles over the inter-token times of all rounds together.</summary>
internal sealed record ThroughputRow
{
    public required string Profile { get; init; }

    public required string Precision { get; init; }

    public required int? BlockSize { get; init; }

    public required string KvType { get; init; }

    public required int ContextTokens { get; init; }

    public required double ColdFirstTokenMs { get; init; }

    /// <summary>The context's tokens by the cold time to the first token, its choice included.</summary>
    public required double PrefillTokensPerSecond { get; init; }

    public required double CachedFirstTokenMs { get; init; }

    public required double DecodeTokensPerSecond { get; init; }

    public required double InterTokenP50Ms { get; init; }

    public required double InterTokenP95Ms { get; init; }

    public required double InterTokenP99Ms { get; init; }

    /// <summary>Keys and values of the prompt and the new tokens.</summary>
    public required long KvBytes { get; init; }

    /// <summary>Keys and values of the whole context window, reserved by the engine.</summary>
    public required long KvBytesAllocated { get; init; }

    /// <summary>Managed memory that all threads of the process took while tokens were decoded, by token.</summary>
    public required double AllocatedBytesPerToken { get; init; }

    /// <summary>Of the time between tokens, the part that was not spent in native runs: scheduling, sampling, handing out.</summary>
    public required double OutsideNativeShare { get; init; }

    public required IReadOnlyList<double> ColdFirstTokenMsByRound { get; init; }

    public required IReadOnlyList<double> CachedFirstTokenMsByRound { get; init; }

    public required IReadOnlyList<double> DecodeTokensPerSecondByRound { get; init; }
}

/// <summary>JSON of the result, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(ThroughputResult))]
[JsonSerializable(typeof(ModeResult))]
internal sealed partial class ThroughputJson : JsonSerializerContext;
