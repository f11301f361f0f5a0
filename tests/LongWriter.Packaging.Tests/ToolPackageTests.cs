namespace LongWriter.Packaging.Tests;

/// <summary>What is in the package of the tool: all that it needs, for every platform.</summary>
public sealed class ToolPackageTests(Feed feed)
{
    private const string Root = "tools/net10.0/any/";

    [Fact]
    public void Type_IsATool_CalledLongwriter()
    {
        using PackageFile package = feed.Open("LongWriter.Cli");

        Assert.Equal("DotnetTool", package.PackageType);
        Assert.Contains("<Command Name=\"longwriter\" EntryPoint=\"LongWriter.Cli.dll\" Runner=\"dotnet\" />", package.Read(Root + "DotnetToolSettings.xml"), StringComparison.Ordinal);
    }

    [Fact]
    public void NativeLibraries_AreOneForEachPlatform()
    {
        using PackageFile package = feed.Open("LongWriter.Cli");

        Assert.Equal(
            [
                Root + "runtimes/linux-arm64/native/libonnxruntime.so.1",
                Root + "runtimes/linux-x64/native/libonnxruntime.so.1",
                Root + "runtimes/osx-arm64/native/libonnxruntime.1.dylib",
                Root + "runtimes/win-arm64/native/onnxruntime.dll",
                Root + "runtimes/win-x64/native/onnxruntime.dll",
            ],
            package.Files.Where(file => file.StartsWith(Root + "runtimes/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Model_IsTheFolderOfTheRepository()
    {
        using PackageFile package = feed.Open("LongWriter.Cli");

        Assert.Equal(
            PackageContentTests.ModelFiles(Root + "models/longwriter-tiny/"),
            package.Files.Where(file => file.StartsWith(Root + "models/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Notices_NameEveryAssemblyOfOthers()
    {
        using PackageFile package = feed.Open("LongWriter.Cli");
        string notices = package.Read("THIRD-PARTY-NOTICES.txt");
        string[] others = [.. package.Files.Where(file => file.EndsWith(".dll", StringComparison.Ordinal) && !file.Contains("/native/", StringComparison.Ordinal))
            .Select(Path.GetFileNameWithoutExtension).OfType<string>().Where(name => !name.StartsWith("LongWriter.", StringComparison.Ordinal))];

        Assert.NotEmpty(others);
        Assert.All(others, name => Assert.Contains(name, notices.Split('\n')));
        Assert.Equal(notices, package.Read(Root + "THIRD-PARTY-NOTICES.txt"));
    }

    [Fact]
    public void Notices_NameTheVersionOfOnnxRuntimeThatIsInside()
    {
        using PackageFile package = feed.Open("LongWriter.Cli");
        string pinned = File.ReadAllText(BuildFacts.PathOf("eng", "native", "package.json"));

        string version = System.Text.RegularExpressions.Regex.Match(pinned, "\"onnxruntime-node\": \"([0-9.]+)\"").Groups[1].Value;
        Assert.Contains($"ONNX Runtime {version} (runtimes/*/native)", package.Read("THIRD-PARTY-NOTICES.txt").Split('\n'));
    }
}
