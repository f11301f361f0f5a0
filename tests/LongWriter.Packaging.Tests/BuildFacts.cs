using System.Reflection;

namespace LongWriter.Packaging.Tests;

/// <summary>What the build wrote into this assembly about itself.</summary>
internal static class BuildFacts
{
    /// <summary>The folder of LongWriter.sln.</summary>
    public static string Repository { get; } = Read("Repository");

    /// <summary>Debug or Release; what is packed was built in the same.</summary>
    public static string Configuration { get; } = Read("Configuration");

    /// <summary>Where the build found the packages of others, so that a consumer's restore finds them without a network.</summary>
    public static string PackageFolder { get; } = Read("PackageFolder");

    public static string PathOf(params string[] parts) => Path.Combine([Repository, .. parts]);

    private static string Read(string key) =>
        typeof(BuildFacts).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(fact => fact.Key == key).Value
        ?? throw new InvalidOperationException($"The build gave no value for {key}.");
}
