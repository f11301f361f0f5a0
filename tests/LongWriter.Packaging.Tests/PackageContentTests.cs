using System.IO.Compression;
using System.Text;
using System.Xml.Linq;

namespace LongWriter.Packaging.Tests;

/// <summary>What is in the packages, and what they ask for.</summary>
public sealed class PackageContentTests(Feed feed)
{
    /// <summary>Larger files are weights and native libraries, of which neither knows where it was built.</summary>
    private const int MaxSearchedBytes = 4_000_000;

    [Fact]
    public void Pack_Solution_GivesThesePackagesWithoutAWarning()
    {
        feed.SkipWithoutSdk();

        string[] expected = [.. Feed.PackageIds.Select(id => $"{id}.{feed.Version}.nupkg"), .. SymbolTests.WithSymbols.Select(id => $"{id}.{feed.Version}.snupkg")];
        Assert.Equal(expected.Order(StringComparer.Ordinal), Directory.GetFiles(feed.PackagesPath).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("warning", feed.PackOutput, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Metadata_OfEachPackage_IsComplete() => Assert.All(Feed.PackageIds, id =>
    {
        using PackageFile package = feed.Open(id);

        Assert.Equal((id, feed.Version), (package.Text("id"), package.Text("version")));
        Assert.Equal(id == "LongWriter.Models.Tiny" ? "Apache-2.0 AND CC0-1.0" : "Apache-2.0", package.Text("license"));
        Assert.Equal("README.md", package.Text("readme"));
        Assert.StartsWith($"# {id}", package.Read("README.md"), StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(BuildFacts.PathOf("LICENSE")), package.Read("LICENSE"));
        Assert.Contains("longwriter", package.Text("tags").Split(' '));
        Assert.NotEmpty(package.Text("description"));
        Assert.NotEmpty(package.Text("authors"));
    });

    [Theory]
    [InlineData("LongWriter.Abstractions")]
    [InlineData("LongWriter.Core")]
    [InlineData("LongWriter.Onnx")]
    [InlineData("LongWriter.OpenAI")]
    public void Files_OfALibrary_AreTheAssemblyAndItsTexts(string id)
    {
        using PackageFile package = feed.Open(id);

        Assert.Equal(["LICENSE", "README.md", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml"], package.Files);
    }

    [Theory]
    [InlineData("LongWriter.Abstractions", "Microsoft.Extensions.AI.Abstractions")]
    [InlineData("LongWriter.Core", "LongWriter.Abstractions Microsoft.Extensions.AI.Abstractions Microsoft.Extensions.DependencyInjection.Abstractions "
        + "Microsoft.Extensions.Logging.Abstractions Microsoft.Extensions.Options Polly.Core")]
    [InlineData("LongWriter.Onnx", "Google.Protobuf LongWriter.Abstractions Microsoft.Extensions.AI.Abstractions Microsoft.Extensions.DependencyInjection.Abstractions "
        + "Microsoft.Extensions.Logging.Abstractions System.Numerics.Tensors")]
    [InlineData("LongWriter.OpenAI", "LongWriter.Abstractions Microsoft.Extensions.AI.Abstractions Microsoft.Extensions.DependencyInjection.Abstractions "
        + "Microsoft.Extensions.Logging.Abstractions Microsoft.Extensions.Options OpenAI")]
    [InlineData("LongWriter.Models.Tiny", "")]
    [InlineData("LongWriter.Cli", "")]
    public void Dependencies_OfEachPackage_AreThese(string id, string expected)
    {
        using PackageFile package = feed.Open(id);
        Dictionary<string, string> versions = XDocument.Load(BuildFacts.PathOf("Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(element => element.Attribute("Include")!.Value, element => element.Attribute("Version")!.Value);

        Assert.Equal(
            expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => $"{name} {versions.GetValueOrDefault(name, feed.Version)}"),
            package.Dependencies);
    }

    [Fact]
    public void Files_OfTheModel_AreItsFolderAndWhatCopiesIt()
    {
        using PackageFile package = feed.Open("LongWriter.Models.Tiny");

        Assert.Equal(
            [.. (string[])["LICENSE", "README.md", "buildTransitive/LongWriter.Models.Tiny.targets"], .. ModelFiles("models/longwriter-tiny/")],
            package.Files);
        Assert.Contains("models/longwriter-tiny/README.md", package.Files);
        Assert.Equal(File.ReadAllBytes(BuildFacts.PathOf("models", "longwriter-tiny", "model.safetensors")), package.Bytes("models/longwriter-tiny/model.safetensors"));
    }

    [Fact]
    public void Entries_OfEachPackage_CarryOneTime() => Assert.All(Feed.PackageIds, id =>
    {
        using PackageFile package = feed.Open(id);

        Assert.Single(package.Entries.Select(entry => entry.LastWriteTime).Distinct());
    });

    [Fact]
    public void Entries_OfEachPackage_DoNotSayWhereTheyWereBuilt()
    {
        Assert.SkipUnless(BuildFacts.Configuration == "Release", "Paths are taken out of Release builds alone: a debugger needs them.");
        string root = Path.TrimEndingDirectorySeparator(BuildFacts.Repository);
        byte[][] traces = [Encoding.UTF8.GetBytes(root), Encoding.Unicode.GetBytes(root)];

        Assert.All(Feed.PackageIds, id =>
        {
            using PackageFile package = feed.Open(id);
            foreach (ZipArchiveEntry entry in package.Entries.Where(entry => entry.Length < MaxSearchedBytes))
            {
                byte[] bytes = package.Bytes(entry.FullName);
                Assert.True(traces.All(trace => bytes.AsSpan().IndexOf(trace) < 0), $"{entry.FullName} contains {root}");
            }
        });
    }

    /// <summary>The files of the embedded model as paths below a folder of a package, sorted.</summary>
    internal static IEnumerable<string> ModelFiles(string prefix)
    {
        string folder = BuildFacts.PathOf("models", "longwriter-tiny");
        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => prefix + Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal);
    }
}
