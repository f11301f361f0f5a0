using BenchmarkDotNet.Attributes;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Benchmarks.Decoding;

/// <summary>
/// Two sequences in rows that are not neighbours: running the idle row between them in every step, or moving one of them next to the other once. A step of
/// two neighbours is what comes after the move.
/// </summary>
public class BatchRowsBenchmarks : IDisposable
{
    private string folder = string.Empty;
    private DecoderModel? model;
    private SharedKvCache? cache;
    private ModelRunner? runner;
    private OrtRunOptions? options;
    private int[] ids = [];
    private int[] pasts = [];

    [Params(128, 2048)]
    public int ContextTokens { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        folder = Directory.CreateTempSubdirectory("longwriter-").FullName;
        ModelExporter.Export(EmbeddedModel.Folder(), folder, new ExportOptions { Overwrite = true });
        model = DecoderModel.Load(folder, new OnnxRuntimeOptions(), NullLogger.Instance);
        cache = new SharedKvCache(model, rows: 3, ContextTokens + 1);
        runner = new ModelRunner(model, cache);
        options = new OrtRunOptions(model.Session.Environment);
        ids = [100, 101, 102];
        pasts = [ContextTokens, ContextTokens, ContextTokens];
        int[] prompt = [.. Enumerable.Range(0, ContextTokens).Select(i => 100 + i % 3000)];
        for (int row = 0; row < pasts.Length; row++)
        {
            runner.Run(row, prompt, past: 0, logitRows: 1, options);
        }
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        Dispose();
        Directory.Delete(folder, recursive: true);
    }

    public void Dispose()
    {
        runner?.Dispose();
        cache?.Dispose();
        options?.Dispose();
        model?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public float StepWithAnIdleRow() => runner!.Run(0, ids, pasts, logitRows: 3, options!)[0];

    [Benchmark]
    public float StepOfNeighbours() => runner!.Run(0, ids.AsSpan(0, 2), pasts.AsSpan(0, 2), logitRows: 2, options!)[0];

    /// <summary>With an equally long text, which is the dearest move.</summary>
    [Benchmark]
    public void Move() => cache!.Swap(1, ContextTokens, 2, ContextTokens);
}
