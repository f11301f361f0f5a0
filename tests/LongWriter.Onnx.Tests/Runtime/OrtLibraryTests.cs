using System.Runtime.InteropServices;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Tests.Runtime;

public sealed class OrtLibraryTests
{
    [Fact]
    public void Candidates_NothingNamed_ApplicationThenRuntimesThenSystem()
    {
        OrtLibraryLocator locator = Locator(OSPlatform.Linux, null, "linux-x64");

        Assert.Equal(
            [
                Path.Combine("app", "libonnxruntime.so.1"), Path.Combine("app", "libonnxruntime.so"),
                Path.Combine("app", "runtimes", "linux-x64", "native", "libonnxruntime.so.1"), Path.Combine("app", "runtimes", "linux-x64", "native", "libonnxruntime.so"),
                "libonnxruntime.so.1", "libonnxruntime.so",
            ],
            locator.Candidates(null));
    }

    [Fact]
    public void Candidates_Windows_NeverAsksTheSystem() =>
        Assert.Equal(
            [Path.Combine("app", "onnxruntime.dll"), Path.Combine("app", "runtimes", "win-x64", "native", "onnxruntime.dll")],
            Locator(OSPlatform.Windows, null, "win-x64").Candidates(null));

    [Fact]
    public void Candidates_MacOs_KnowsBothNames() =>
        Assert.Contains(
            Path.Combine("app", "runtimes", "osx-arm64", "native", "libonnxruntime.1.dylib"), Locator(OSPlatform.OSX, null, "osx-arm64").Candidates(null));

    [Fact]
    public void Candidates_ExplicitFileAndEnvironment_ExplicitAlone() =>
        Assert.Equal(
            [Path.Combine("mine", "libonnxruntime.so.1")],
            Locator(OSPlatform.Linux, "other", "linux-x64").Candidates(Path.Combine("mine", "libonnxruntime.so.1")));

    [Fact]
    public void LoadFrom_NothingThere_SaysWhereItLookedAndWhatToAdd()
    {
        OrtLibraryLocator locator = Locator(OSPlatform.Windows, null, "win-x64");

        var failure = Assert.Throws<OnnxRuntimeException>(() => OrtLibrary.LoadFrom(locator, null));

        Assert.Equal(OnnxRuntimeErrorCode.LibraryMissing, failure.Code);
        Assert.Equal(
            "ONNX Runtime's native library was not found. Looked at: "
                + $"{Path.Combine("app", "onnxruntime.dll")} (no such file); {Path.Combine("app", "runtimes", "win-x64", "native", "onnxruntime.dll")} (no such file). "
                + "Add the package Microsoft.ML.OnnxRuntime (CPU) or Microsoft.ML.OnnxRuntime.Gpu (CUDA) to the application, "
                + "or name the library by LibraryPath or the environment variable LONGWRITER_ONNXRUNTIME.",
            failure.Message);
    }

    [Fact]
    public void LoadFrom_EnvironmentNamesAnAbsentFolder_SaysSo()
    {
        OrtLibraryLocator locator = Locator(OSPlatform.Linux, "nowhere", "linux-x64");

        var failure = Assert.Throws<OnnxRuntimeException>(() => OrtLibrary.LoadFrom(locator, null));

        Assert.StartsWith(
            "ONNX Runtime's native library was not found. LONGWRITER_ONNXRUNTIME is 'nowhere'. "
                + $"Looked at: {Path.Combine("nowhere", "libonnxruntime.so.1")} (no such file); {Path.Combine("nowhere", "libonnxruntime.so")} (no such file). ",
            failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadFrom_FileThatIsNoLibrary_SaysWhatTheLoaderSaid()
    {
        string folder = Directory.CreateTempSubdirectory("longwriter-").FullName;
        try
        {
            string file = Path.Combine(folder, OrtLibraryLocator.Current.FileNames[0]);
            File.WriteAllText(file, "not a library");

            var failure = Assert.Throws<OnnxRuntimeException>(() => OrtLibrary.LoadFrom(OrtLibraryLocator.Current, file));

            Assert.Equal(OnnxRuntimeErrorCode.LibraryMissing, failure.Code);
            Assert.StartsWith($"ONNX Runtime's native library was not found. LibraryPath is '{file}'. Looked at: {file} (", failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("no such file", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Load_AnotherPathThanTheLoadedOne_IsRefused()
    {
        OrtLibrary loaded = OrtLibrary.Load(new OnnxRuntimeOptions());

        var failure = Assert.Throws<OnnxRuntimeException>(() => OrtLibrary.Load(new OnnxRuntimeOptions { LibraryPath = "elsewhere" }));

        Assert.Equal($"LibraryPath is 'elsewhere', but this process already loaded '{loaded.Path}', and a process can load only one.", failure.Message);
        Assert.Equal(OnnxRuntimeErrorCode.LibraryUnusable, failure.Code);
    }

    [Fact]
    public void Load_ThisBuild_FindsTheLibraryInItsOutput()
    {
        OrtLibrary library = OrtLibrary.Load(new OnnxRuntimeOptions());

        Assert.StartsWith(AppContext.BaseDirectory, library.Path, StringComparison.Ordinal);
        Assert.Equal("1.30.0", library.Version);
    }

    private static OrtLibraryLocator Locator(OSPlatform system, string? variable, string runtimeIdentifier) =>
        new(system, name => name == "LONGWRITER_ONNXRUNTIME" ? variable : null, "app", runtimeIdentifier);
}
