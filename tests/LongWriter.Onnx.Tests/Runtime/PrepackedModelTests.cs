using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Tests.Decoding;
using LongWriter.Onnx.Tests.Export;
using Microsoft.Extensions.Logging.Abstractions;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Runtime;

/// <summary>Weights saved as the processor reads them: found again, by nobody else, and no harm when they are damaged.</summary>
[Collection(nameof(ExportedEmbeddedModel))]
public sealed class PrepackedModelTests(ExportedEmbeddedModel model) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Root => folder.At("prepacked");

    private string FloatFolder => folder.At("float32");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Load_SavedBefore_GivesTheSameTokensAndSavesNothing()
    {
        int[] expected = await DecodeAsync(root: null);

        int[] first = await DecodeAsync();
        string saved = Assert.Single(Directory.GetDirectories(Root));
        DateTime made = Directory.GetLastWriteTimeUtc(saved);
        int[] second = await DecodeAsync();

        Assert.Equal(expected, first);
        Assert.Equal(expected, second);
        Assert.Equal(saved, Assert.Single(Directory.GetDirectories(Root)));
        Assert.Equal(made, Directory.GetLastWriteTimeUtc(saved));
        Assert.True(Directory.GetFiles(saved).Sum(file => new FileInfo(file).Length) > 8_000_000);
    }

    [Fact]
    public async Task Load_FormThatTheLibrarySavesWrongly_IsTheModelItself()
    {
        // Quantized weights with ONNX Runtime 1.30. A version that saves them rightly passes, too.
        using DecodingEngine plain = model.Load();
        (int[] expected, _) = await plain.Decode(Prompt(40, 1), 30);

        Assert.Equal(expected, await DecodeAsync(Root, model.SeedFolder));
        Assert.Equal(expected, await DecodeAsync(Root, model.SeedFolder));
        string[] files = [.. Directory.GetFiles(Assert.Single(Directory.GetDirectories(Root))).Select(file => Path.GetFileName(file)!)];
        Assert.True(files is ["refused"] || files.Contains("model.onnx"), string.Join(' ', files));
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("model.weights")]
    public async Task Load_SavedFileIsDamaged_LoadsTheModelAndSavesAnew(string file)
    {
        int[] expected = await DecodeAsync();
        string path = Path.Combine(Assert.Single(Directory.GetDirectories(Root)), file);
        await File.WriteAllBytesAsync(path, [1, 2, 3], TestContext.Current.CancellationToken);

        Assert.Equal(expected, await DecodeAsync());
        Assert.True(new FileInfo(path).Length > 3);
        Assert.Equal(expected, await DecodeAsync());
    }

    [Fact]
    public void FolderFor_WhatChangesTheWeightsOrTheirOrder_ChangesTheFolder()
    {
        string graph = Path.Combine(model.SeedFolder, "model.onnx");
        var options = new OnnxRuntimeOptions();
        string name = PrepackedModel.FolderFor(Root, graph, options, "1.30.0");

        Assert.Equal(name, PrepackedModel.FolderFor(Root, graph, options with { IntraOpThreads = 1, AllowSpinning = false }, "1.30.0"));
        Assert.NotEqual(name, PrepackedModel.FolderFor(Root, graph, options, "1.31.0"));
        Assert.NotEqual(name, PrepackedModel.FolderFor(Root, graph, options with { Optimization = GraphOptimization.Basic }, "1.30.0"));
        Assert.NotEqual(name, PrepackedModel.FolderFor(Root, graph, options with { Configuration = new Dictionary<string, string> { ["mlas.use_lut_gemm"] = "1" } }, "1.30.0"));
        Assert.NotEqual(name, PrepackedModel.FolderFor(Root, Path.Combine(model.RandomFolder, "model.onnx"), options, "1.30.0"));
        Assert.False(Directory.Exists(Root));
    }

    [Fact]
    public void FolderFor_FileBesideTheGraphThatChanges_ChangesTheFolder()
    {
        string graph = folder.At("model.onnx");
        File.WriteAllText(graph, "graph");
        File.WriteAllText(folder.At("model.onnx_data"), "weights");
        string before = PrepackedModel.FolderFor(Root, graph, new OnnxRuntimeOptions(), "1.30.0");
        File.WriteAllText(folder.At("longwriter.json"), "{}");
        Assert.Equal(before, PrepackedModel.FolderFor(Root, graph, new OnnxRuntimeOptions(), "1.30.0"));

        File.WriteAllText(folder.At("model.onnx_data"), "other weights");

        Assert.NotEqual(before, PrepackedModel.FolderFor(Root, graph, new OnnxRuntimeOptions(), "1.30.0"));
    }

    private Task<int[]> DecodeAsync() => DecodeAsync(Root);

    private async Task<int[]> DecodeAsync(string? root, string? modelFolder = null)
    {
        if (modelFolder is null && !Directory.Exists(FloatFolder))
        {
            ModelExporter.Export(EmbeddedModel.Folder!, FloatFolder, new ExportOptions { Weights = WeightPrecision.Float32 });
        }

        using DecodingEngine engine = DecodingEngine.Load(
            new EngineOptions
            {
                ModelFolder = modelFolder ?? FloatFolder,
                PromptLookup = false,
                Threads = 1,
                Runtime = new OnnxRuntimeOptions { AllowSpinning = false, PrepackedFolder = root },
            },
            NullLogger.Instance);
        return (await engine.Decode(Prompt(40, 1), 30)).Tokens;
    }
}
