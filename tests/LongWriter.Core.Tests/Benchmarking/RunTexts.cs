using System.Text.Json;
using LongWriter.Benchmarking;

namespace LongWriter.Core.Tests.Benchmarking;

/// <summary>Results as text, to compare runs: everything but the times.</summary>
internal static class RunTexts
{
    public static string Of(BenchmarkRun run) => string.Join('\n', run.Results.Select(Of));

    public static string Of(BenchmarkResult result) => JsonSerializer.Serialize(result with { Seconds = 0 }, RunJson.Result);
}
