using System.Reflection;
using System.Xml.Linq;

namespace LongWriter.Architecture;

public sealed class HouseTests
{
    private const int MaxTextBytes = 16 * 1024 * 1024;

    [Fact]
    public void Sources_Length_IsWithinTheLimit() => Findings.AssertNone(Repository.Sources.Select(HouseChecks.Length).OfType<string>());

    [Fact]
    public void Sources_UnfinishedWork_IsNotThere() => Findings.AssertNone(Repository.Sources.SelectMany(HouseChecks.Unfinished));

    [Fact]
    public void Files_PathsAndHostsOfOneMachine_AreNotThere()
    {
        List<SourceFile> files = [.. Repository.Files("").Select(TextOf).OfType<SourceFile>()];

        Assert.Contains(files, f => f.Path == "LongWriter.sln");
        Findings.AssertNone(files.SelectMany(HouseChecks.MachineTraces));
    }

    [Fact]
    public void Readme_Program_IsTheConsoleSample()
    {
        string sample = File.ReadAllText(Path.Combine(Repository.Root, "samples", "Console", "Program.cs"));

        Assert.Contains($"```csharp\n{sample.TrimEnd()}\n```", File.ReadAllText(Path.Combine(Repository.Root, "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Projects_Documentation_IsGenerated()
    {
        foreach (string project in Repository.Projects)
        {
            string assembly = (string?)XDocument.Parse(Repository.Read($"src/{project}/{project}.csproj")).Descendants("AssemblyName").SingleOrDefault() ?? project;
            string documentation = Path.Combine(AppContext.BaseDirectory, assembly + ".xml");
            Assert.True(File.Exists(documentation), $"{project} has no documentation file.");
            Assert.Equal(assembly, (string?)XDocument.Load(documentation).Root?.Element("assembly")?.Element("name"));
        }
    }

    [Fact]
    public void PublicTypes_OfAbstractionsAndCore_HaveNamesOfTheirOwn()
    {
        IEnumerable<Type> types = new[] { "LongWriter.Abstractions", "LongWriter.Core" }.SelectMany(name => Assembly.Load(name).GetExportedTypes());

        string[] twice = [.. types.Where(t => !t.IsNested).GroupBy(t => t.Name).Where(g => g.Count() > 1).Select(g => string.Join(" and ", g.Select(t => t.FullName)))];

        Assert.Equal([], twice);
    }

    [Theory]
    [InlineData("see {0}ann/model", "/{0}/", "home")]
    [InlineData("\"{0}x\"", "/{0}/", "tmp")]
    [InlineData("cd {0}x", "/{0}/", "root")]
    [InlineData("{0}\\ann", "C:\\{0}", "Users")]
    [InlineData("https://{0}/v3/index.json", "api.{0}", "nuget.org")]
    [InlineData("{0}/x", "registry.{0}", "npmjs.org")]
    [InlineData("  {0}s://example.org/a.tgz\"", "\"{0}\": \"http", "resolved")]
    public void MachineTraces_Trace_IsFoundWithItsLine(string line, string traceFormat, string part)
    {
        // Put together here, or this file would be found itself.
        string trace = string.Format(null, traceFormat, part);
        SourceFile file = new("a.txt", "first\n" + string.Format(null, line, trace));

        Assert.Equal([$"a.txt:2: found \"{trace}\""], HouseChecks.MachineTraces(file));
    }

    [Theory]
    [InlineData("src/{0}/x and $DIR/{0}/x", "tmp")]
    [InlineData("https://example.org/{0}/x", "home")]
    [InlineData("https://www.{0}/packages/LongWriter", "nuget.org")]
    public void MachineTraces_AnyOtherText_IsNone(string format, string part) =>
        Assert.Equal([], HouseChecks.MachineTraces(new SourceFile("a.txt", string.Format(null, format, part))));

    [Fact]
    public void Unfinished_Marks_AreFoundWithTheirLine()
    {
        SourceFile file = new("A.cs", "class A\n// " + "TO" + "DO later\nthrow new NotImplementedException();\n// TODOS and a \"NotImplementedException\" in words\n");

        Assert.Equal(["A.cs:2: found \"TODO\"", "A.cs:3: found \"new NotImplementedException\""], HouseChecks.Unfinished(file));
    }

    [Fact]
    public void Length_OneLineTooMany_IsFound()
    {
        Assert.Null(HouseChecks.Length(new SourceFile("A.cs", string.Concat(Enumerable.Repeat("x\n", 350)))));
        Assert.Equal(
            "A.cs:351: a source file has at most 350 lines but this has 351",
            HouseChecks.Length(new SourceFile("A.cs", string.Concat(Enumerable.Repeat("x\n", 351)))));
    }

    private static SourceFile? TextOf(string path)
    {
        FileInfo file = new(Repository.Absolute(path));

        // A link may lead out of the repository, and very large files are data.
        if (file.LinkTarget is not null || file.Length > MaxTextBytes)
        {
            return null;
        }

        string text = Repository.Read(path);
        return text.AsSpan(0, Math.Min(text.Length, 8000)).Contains('\0') ? null : new SourceFile(path, text);
    }
}
