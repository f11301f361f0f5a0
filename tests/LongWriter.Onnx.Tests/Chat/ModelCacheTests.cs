using System.Collections.Concurrent;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Model;

namespace LongWriter.Onnx.Tests.Chat;

public sealed class ModelCacheTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void NameOf_OptionsThatGiveOtherFiles_Differ()
    {
        ExportOptions[] options =
        [
            ExportOptions.Reproducible, ExportOptions.Fast, new() { Weights = WeightPrecision.Float32 }, new() { BlockSize = 64 }, new() { Kv = KvPrecision.Float32 }, new() { Kv = KvPrecision.Float16 }, new() { Kv = KvPrecision.Float32, Signature = Signature.GenAi },
            new() { Embedding = EmbeddingPrecision.Float16 }, new() { MaxPositions = 64 },
            new() { KvScales = new KvScales([1f], [1f]) }, new() { KvScales = new KvScales([1f], [2f]) },
        ];
        Assert.Equal("int8-b32-kv8-v1", ModelCache.NameOf(options[0]));
        Assert.Equal(options.Length, options.Select(ModelCache.NameOf).Distinct().Count());
    }

    [Fact]
    public void Prepare_FolderThatIsNoModel_SaysWhatIsMissing()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(
            $"{folder.Path}: expected longwriter.json of an export, genai_config.json of onnxruntime-genai's builder, or config.json with safetensors or a graph (.onnx), found none of them.",
            Assert.Throws<ModelFormatException>(() => new ModelCache(folder.At("cache")).Prepare(folder.Path, ExportOptions.Reproducible, null, Token)).Message);
    }

    [Theory]
    [InlineData("longwriter.json")]
    [InlineData("genai_config.json")]
    public void Prepare_FolderThatIsAnExport_IsUsedAsItIs(string description)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At(description), "{}");
        Assert.Equal(folder.Path, new ModelCache(folder.At("cache")).Prepare(folder.Path, ExportOptions.Reproducible, null, Token));
        Assert.False(Directory.Exists(folder.At("cache")));
    }

    [Fact]
    public async Task Prepare_ManyAtOnce_ExportOnceAndAgree()
    {
        string source = SeedOrSkip();
        using var folder = new TemporaryFolder();
        var steps = new ConcurrentQueue<ExportProgress>();
        string[] results = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(
            () => new ModelCache(folder.At("cache")).Prepare(source, ExportOptions.Reproducible, new Recorder(steps), Token), Token)));
        Assert.Single(results.Distinct());
        Assert.Equal(steps.Count, steps.First().TotalSteps);
        Assert.True(File.Exists(Path.Combine(results[0], "model.onnx")));

        // A damaged manifest is not trusted.
        File.WriteAllText(Path.Combine(results[0], "longwriter.json"), "{");
        Assert.Equal(results[0], new ModelCache(folder.At("cache")).Prepare(source, ExportOptions.Reproducible, new Recorder(steps), Token));
        Assert.Equal(2 * steps.First().TotalSteps, steps.Count);
    }

    [Fact]
    public async Task Prepare_WhileAnotherHasTheTurn_WaitsUntilCancelled()
    {
        string source = SeedOrSkip();
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("cache"));
        using SafetensorsModel weights = SafetensorsModel.Open(source);
        string hash = SourceHash.Compute(weights.FilePaths, Token);
        using FileStream turn = new(folder.At("cache", $"{hash[..16]}-int8-b32-kv8-v1.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<string> waiting = Task.Run(() => new ModelCache(folder.At("cache")).Prepare(source, ExportOptions.Reproducible, null, cancelling.Token), Token);
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Single(Directory.GetFileSystemEntries(folder.At("cache")));
    }

    private static string SeedOrSkip()
    {
        Assert.SkipWhen(Export.EmbeddedModel.Folder is null, "There is no trained model.");
        return Export.EmbeddedModel.Folder!;
    }

    private sealed class Recorder(ConcurrentQueue<ExportProgress> steps) : IProgress<ExportProgress>
    {
        public void Report(ExportProgress value) => steps.Enqueue(value);
    }
}
