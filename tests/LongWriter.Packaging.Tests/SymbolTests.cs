using System.Reflection.Metadata;

namespace LongWriter.Packaging.Tests;

/// <summary>The packages of symbols.</summary>
public sealed class SymbolTests(Feed feed)
{
    /// <summary>All with an assembly of ours.</summary>
    internal static IEnumerable<string> WithSymbols => Feed.PackageIds.Where(id => id != "LongWriter.Models.Tiny");

    [Fact]
    public void Symbols_OfEachPackage_NameSourcesOfTheRepositoryWithoutItsPlace()
    {
        Assert.SkipUnless(BuildFacts.Configuration == "Release", "Paths are taken out of Release builds alone: a debugger needs them.");
        Assert.All(WithSymbols, id =>
        {
            using PackageFile package = feed.Open(id, "snupkg");
            string file = package.Files.Single(file => file.EndsWith($"/{id}.pdb", StringComparison.Ordinal));

            Assert.All(package.Files, name => Assert.EndsWith(".pdb", name, StringComparison.Ordinal));
            Assert.All(Documents(package.Bytes(file)), document => Assert.StartsWith($"/_/src/{id}/", document, StringComparison.Ordinal));
        });
    }

    private static string[] Documents(byte[] pdb)
    {
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(pdb));
        MetadataReader reader = provider.GetMetadataReader();
        return [.. reader.Documents.Select(handle => reader.GetString(reader.GetDocument(handle).Name))];
    }
}
