using System.IO.Compression;
using System.Xml.Linq;

namespace LongWriter.Packaging.Tests;

/// <summary>A package: its files and its nuspec.</summary>
internal sealed class PackageFile : IDisposable
{
    private readonly ZipArchive archive;
    private readonly XElement metadata;

    private PackageFile(ZipArchive archive)
    {
        this.archive = archive;
        using Stream nuspec = archive.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        metadata = XDocument.Load(nuspec).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
    }

    public static PackageFile Open(string path) => new(ZipFile.OpenRead(path));

    public IEnumerable<ZipArchiveEntry> Entries => archive.Entries;

    /// <summary>Its own files, sorted; the container's are left out.</summary>
    public IReadOnlyList<string> Files =>
        [.. archive.Entries.Select(entry => entry.FullName).Where(name => !IsContainer(name)).Order(StringComparer.Ordinal)];

    /// <summary>"id version", sorted.</summary>
    public IReadOnlyList<string> Dependencies =>
        [.. metadata.Descendants().Where(element => element.Name.LocalName == "dependency")
            .Select(element => $"{element.Attribute("id")!.Value} {element.Attribute("version")!.Value}").Order(StringComparer.Ordinal)];

    public string? PackageType => metadata.Descendants().SingleOrDefault(element => element.Name.LocalName == "packageType")?.Attribute("name")?.Value;

    /// <summary>The text of an element of the nuspec; empty where there is none.</summary>
    public string Text(string element) => metadata.Elements().SingleOrDefault(e => e.Name.LocalName == element)?.Value ?? "";

    public byte[] Bytes(string file)
    {
        ZipArchiveEntry entry = archive.GetEntry(file) ?? throw new InvalidOperationException($"The package has no {file}.");
        using Stream stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    public string Read(string file) => System.Text.Encoding.UTF8.GetString(Bytes(file));

    public void Dispose() => archive.Dispose();

    private static bool IsContainer(string name) =>
        name is "_rels/.rels" or "[Content_Types].xml" || name.StartsWith("package/", StringComparison.Ordinal) || name.EndsWith(".nuspec", StringComparison.Ordinal);
}
