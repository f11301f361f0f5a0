using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Extensions.AI;
using Polly;

namespace LongWriter.Benchmarking;

/// <summary>Versions of what runs.</summary>
internal static class RunProvenance
{
    /// <summary>Version of this library, with the commit where the build knew it.</summary>
    public static string LongWriterVersion => VersionOf(typeof(RunProvenance));

    /// <summary>Such as ".NET 10.0.0".</summary>
    public static string Runtime => RuntimeInformation.FrameworkDescription;

    /// <summary>The packages between this library and a model.</summary>
    public static IReadOnlyDictionary<string, string> Packages => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["Microsoft.Extensions.AI.Abstractions"] = VersionOf(typeof(IChatClient)),
        ["Polly.Core"] = VersionOf(typeof(ResiliencePipeline)),
    };

    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? type.Assembly.GetName().Version?.ToString() ?? "unknown";
}
