using System.Runtime.InteropServices;

namespace LongWriter.Packaging.Tests;

/// <summary>A program of somebody else, compiled against the packages. It is the one that docs/packages.md shows.</summary>
public sealed class ConsumerTests(Feed feed)
{
    private static readonly string Program = File.ReadAllText(BuildFacts.PathOf("tests", "LongWriter.Packaging.Tests", "App", "Program.cs"));

    [Fact]
    public async Task Publish_AgainstThePackages_WritesWithTheModelBesideIt()
    {
        feed.SkipWithoutSdk();
        using var home = new Home(feed, withPackagesOfOthers: true);
        await File.WriteAllTextAsync(home.At("Program.cs"), Program, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(home.At("App.csproj"), Project(feed.Version), TestContext.Current.CancellationToken);

        ProcessResult publish = await ProcessRun.DotnetAsync(
            home.Work, home.Environment, "publish", "App.csproj", "-c", "Release", "-o", home.At("out"), "--nologo", "-warnaserror");
        publish.AssertSuccess();
        Dictionary<string, string?> environment = home.Environment;
        environment["LONGWRITER_ONNXRUNTIME"] = NativeFolder();
        ProcessResult run = await ProcessRun.DotnetAsync(home.Work, environment, home.At("out", "App.dll"));

        run.AssertSuccess();
        Assert.InRange(WordCounter.Compatible.Count(run.Out), 100, 300);
        Assert.EndsWith($"ended with {EndCause.Stop}.\n", run.Error.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal(ModelFiles(BuildFacts.PathOf("models", "longwriter-tiny")), ModelFiles(home.At("out", "models", "longwriter-tiny")));
        Assert.Equal(ModelFiles(BuildFacts.PathOf("models", "longwriter-tiny")), ModelFiles(home.At("bin", "Release", "net10.0", "models", "longwriter-tiny")));
        Assert.False(Directory.Exists(home.At("out", "runtimes")), "A library's package brought a native library.");
        Assert.True(!OperatingSystem.IsLinux() || Directory.Exists(home.DefaultCache), "The export is not in the user's own folder.");
    }

    [Fact]
    public void Documentation_Program_IsTheOneThatIsTested() =>
        Assert.Contains(Program.TrimEnd().ReplaceLineEndings("\n"), File.ReadAllText(BuildFacts.PathOf("docs", "packages.md")).ReplaceLineEndings("\n"), StringComparison.Ordinal);

    private static string Project(string version) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <InvariantGlobalization>true</InvariantGlobalization>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="LongWriter.Core" Version="{version}" />
            <PackageReference Include="LongWriter.Onnx" Version="{version}" />
            <PackageReference Include="LongWriter.Models.Tiny" Version="{version}" />
          </ItemGroup>
        </Project>
        """;

    /// <summary>The native library that the build gave the tool.</summary>
    private static string NativeFolder()
    {
        string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        string architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        return BuildFacts.PathOf("src", "LongWriter.Cli", "bin", BuildFacts.Configuration, "net10.0", "runtimes", $"{system}-{architecture}", "native");
    }

    private static string[] ModelFiles(string folder) =>
        [.. new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
            .Select(file => FormattableString.Invariant($"{Path.GetRelativePath(folder, file.FullName)} {file.Length}")).Order(StringComparer.Ordinal)];
}
