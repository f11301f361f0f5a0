using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace LongWriter.Benchmarking.Reports;

/// <summary>report.json: the whole <see cref="BenchmarkReport"/>; what is unknown is absent.</summary>
internal static class ReportJson
{
    // Chinese prompts stay readable; what could end a script element is still escaped.
    private static readonly ReportJsonContext Readable = new(new JsonSerializerOptions(ReportJsonContext.Default.Options) { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) });

    public static string Write(BenchmarkReport report) => JsonSerializer.Serialize(report, Readable.BenchmarkReport) + "\n";
}

[JsonSerializable(typeof(BenchmarkReport))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    NewLine = "\n")]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
