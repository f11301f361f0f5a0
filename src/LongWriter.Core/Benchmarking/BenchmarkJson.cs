using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace LongWriter.Benchmarking;

/// <summary>The files of a run as JSON: names in camel case, nulls written (what is missing is damage), text in its own script instead of escapes.</summary>
[JsonSerializable(typeof(BenchmarkResult))]
[JsonSerializable(typeof(RunManifest))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false)]
internal sealed partial class BenchmarkJson : JsonSerializerContext;

/// <summary>How the files of a run are written and read. Apart from the generated context, whose statics must be there first.</summary>
internal static class RunJson
{
    /// <summary>A result, on one line.</summary>
    public static JsonTypeInfo<BenchmarkResult> Result { get; } = Info<BenchmarkResult>(isIndented: false);

    /// <summary>A manifest, to be read by people too.</summary>
    public static JsonTypeInfo<RunManifest> Manifest { get; } = Info<RunManifest>(isIndented: true);

    private static JsonTypeInfo<T> Info<T>(bool isIndented)
    {
        // The files are read as files, never put into a page as they are; escapes would make a Chinese text twice as long and unreadable.
        var options = new JsonSerializerOptions(BenchmarkJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = isIndented, NewLine = "\n" };
        return (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
    }
}
