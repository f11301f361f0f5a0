using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.ExportQuality;

/// <summary>An exported model that gives the logits after every token, a chunk at a time.</summary>
internal sealed class LoadedExport : IDisposable
{
    private readonly DecoderModel model;
    private readonly KvCache cache;
    private readonly ModelRunner runner;
    private readonly OrtRunOptions runOptions;

    public LoadedExport(string folder, int windowTokens)
    {
        model = DecoderModel.Load(folder, new OnnxRuntimeOptions(), NullLogger.Instance);
        cache = KvCache.Create(model, rows: 1, windowTokens);
        runner = new ModelRunner(model, cache);
        runOptions = new OrtRunOptions(model.Session.Environment);
    }

    public int VocabSize => model.Manifest.VocabSize;

    /// <summary>Appends <paramref name="ids"/> to the <paramref name="past"/> tokens that came before.</summary>
    /// <returns>Logits after each, (ids, vocabSize), row-major. Valid until the next call.</returns>
    public Span<float> Append(ReadOnlySpan<int> ids, int past) => runner.Run(0, ids, past, ids.Length, runOptions);

    public void Dispose()
    {
        runOptions.Dispose();
        runner.Dispose();
        cache.Dispose();
        model.Dispose();
    }
}
