using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Tokenization;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Onnx.Calibration;

/// <summary>Finds the scales of int8 keys and values by running a model over text, in place of estimating them from its weights.</summary>
public static class KvScaleCalibrator
{
    /// <summary>Room above the largest magnitude seen, since other text may reach further: 10%.</summary>
    public const float Headroom = 1.1f;

    private const int WindowTokens = 512;
    private const int MaxWindows = 32;
    private const int LargestInt8 = 127;

    /// <summary>A layer whose keys are all zero still needs a scale above 0.</summary>
    private const float SmallestMagnitude = 1e-6f;

    /// <summary>
    /// Runs the model with float keys and values over the first 32 windows of 512 tokens of a text. Exports it for that at int8 weights into a temporary folder,
    /// which takes about a byte of disk a weight.
    /// </summary>
    /// <param name="modelFolder">A Hugging Face folder of the Llama layout.</param>
    /// <param name="text">Text of the kind the model will write, which it was not trained on. At least two tokens.</param>
    /// <param name="runtime">The native library and the device; null for the defaults.</param>
    /// <param name="cancellationToken">Stops it; the temporary folder is removed.</param>
    /// <returns>The largest magnitude per layer times <see cref="Headroom"/> over 127, for <see cref="ExportOptions.KvScales"/>.</returns>
    /// <exception cref="ArgumentException">The text is too short.</exception>
    public static async Task<KvScales> CalibrateAsync(
        string modelFolder, string text, OnnxRuntimeOptions? runtime = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(modelFolder);
        ArgumentNullException.ThrowIfNull(text);
        int[] ids = [.. Tokenizer.Load(Path.Combine(modelFolder, "tokenizer.json")).Encode(text)];
        if (ids.Length < 2)
        {
            throw new ArgumentException($"The text to calibrate with must have at least 2 tokens but has {ids.Length}.", nameof(text));
        }

        string folder = Directory.CreateTempSubdirectory("longwriter-calibration-").FullName;
        try
        {
            string exported = Path.Combine(folder, "model");
            ModelExporter.Export(modelFolder, exported, new ExportOptions { Weights = WeightPrecision.Int8, Kv = KvPrecision.Float32 }, null, cancellationToken);
            using var engine = DecodingEngine.Load(
                new EngineOptions { ModelFolder = exported, Slots = 1, MaxConcurrentSequences = 1, Runtime = runtime ?? new OnnxRuntimeOptions() }, NullLogger.Instance);
            return await MeasureAsync(engine, ids, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<KvScales> MeasureAsync(DecodingEngine engine, int[] ids, CancellationToken cancellationToken)
    {
        float[]? largest = null;
        foreach (int[] window in ids.Chunk(Math.Min(WindowTokens, engine.ContextTokens)).Take(MaxWindows).Where(window => window.Length > 1))
        {
            await engine.LogProbabilitiesAsync(window, cancellationToken).ConfigureAwait(false);

            // The last token of a scored text has no successor, so its keys and values may not have been computed.
            float[] seen = engine.LargestKvMagnitudes(window.Length - 1);
            largest = largest is null ? seen : [.. largest.Zip(seen, Math.Max)];
        }

        // Keys and values take turns in the cache: key of layer 0, value of layer 0, key of layer 1, …
        float[] scales = [.. largest!.Select(magnitude => Math.Max(magnitude, SmallestMagnitude) * Headroom / LargestInt8)];
        return new KvScales([.. scales.Where((_, index) => index % 2 == 0)], [.. scales.Where((_, index) => index % 2 == 1)]);
    }
}
