using LongWriter.Onnx.Export;
using LongWriter.Onnx.Tests.Model;

namespace LongWriter.Onnx.Tests.Export;

/// <summary>What quantization costs, measured against the float32 export of the same model.</summary>
public sealed class QuantizedExportTests
{
    public static TheoryData<WeightPrecision, int, KvPrecision> Forms
    {
        get
        {
            var forms = new TheoryData<WeightPrecision, int, KvPrecision>();
            foreach (WeightPrecision weights in (WeightPrecision[])[WeightPrecision.Int8, WeightPrecision.Int4])
            {
                foreach (int block in (int[])[32, 64, 128])
                {
                    forms.Add(weights, block, KvPrecision.Float32);
                    forms.Add(weights, block, KvPrecision.Int8);
                }
            }

            return forms;
        }
    }

    /// <summary>
    /// The source's weights are values that the form can hold, so what is left is the error of int8 activations (and of int8 keys and values), and a wrong
    /// packing or scale would show. The width of 112 is no multiple of any block size, so filled-up blocks are covered.
    /// </summary>
    [Theory]
    [MemberData(nameof(Forms))]
    public void Export_WeightsTheFormCanHold_StaysNearFloat32(WeightPrecision weights, int blockSize, KvPrecision kv)
    {
        using var folder = new TemporaryFolder();
        RandomLlama.Write(folder.At("source"), RandomLlama.Config(), seed: 21, changeRow: row => RoundTo(row, weights, blockSize));
        int[] tokens = Tokens(96, 40);
        float[][] expected = Run(folder, "float", folder.At("source"), new ExportOptions { Weights = WeightPrecision.Float32, Kv = KvPrecision.Float32 }, tokens);

        float[][] actual = Run(folder, "quantized", folder.At("source"), new ExportOptions { Weights = weights, BlockSize = blockSize, Kv = kv }, tokens);

        double error = LogitDistance.RelativeError(expected, actual);
        TestContext.Current.SendDiagnosticMessage("{0} block {1} kv {2}: relative error {3:P2}", weights, blockSize, kv, error);
        Assert.InRange(error, 1e-6, kv == KvPrecision.Float32 ? 0.06 : 0.12);
    }

    [Theory]
    [InlineData(WeightPrecision.Int8, KvPrecision.Float32, 0.97)]
    [InlineData(WeightPrecision.Int8, KvPrecision.Int8, 0.95)]
    [InlineData(WeightPrecision.Int4, KvPrecision.Int8, 0.75)]
    public void Export_EmbeddedModel_AgreesWithFloat32OnTheBestToken(WeightPrecision weights, KvPrecision kv, double atLeast)
    {
        Assert.SkipWhen(EmbeddedModel.Folder is null, "No seed model on this machine.");
        using var folder = new TemporaryFolder();
        ExportOptions reference = new() { Weights = WeightPrecision.Float32, Kv = KvPrecision.Float32 };
        int[] tokens = Greedy(folder, reference, 200);
        float[][] expected = Run(folder, "float", EmbeddedModel.Folder!, reference with { Overwrite = true }, tokens);

        float[][] actual = Run(folder, "quantized", EmbeddedModel.Folder!, new ExportOptions { Weights = weights, Kv = kv }, tokens);

        double agreement = expected.Zip(actual, (e, a) => Best(e) == Best(a)).Average(same => same ? 1.0 : 0.0);
        TestContext.Current.SendDiagnosticMessage("{0} kv {1}: the best token agrees in {2:P1}, relative error {3:P2}", weights, kv, agreement, LogitDistance.RelativeError(expected, actual));
        Assert.InRange(agreement, atLeast, 1);
    }

    [Fact]
    public void Export_HalfEmbedding_StaysNearFloat32()
    {
        using var folder = new TemporaryFolder();
        RandomLlama.Write(folder.At("source"), RandomLlama.Config(), seed: 21);
        int[] tokens = Tokens(96, 20);
        ExportOptions full = new() { Weights = WeightPrecision.Float32, Kv = KvPrecision.Float32 };
        float[][] expected = Run(folder, "float", folder.At("source"), full, tokens);

        float[][] actual = Run(folder, "half", folder.At("source"), full with { Embedding = EmbeddingPrecision.Float16 }, tokens);

        Assert.InRange(LogitDistance.RelativeError(expected, actual), 1e-7, 5e-3);
    }

    /// <summary>Scales read off float32 keys and values can be put into an exported folder, and the graph then uses them.</summary>
    [Fact]
    public void Rewrite_CalibratedScales_ReplaceTheEstimate()
    {
        using var folder = new TemporaryFolder();
        RandomLlama.Write(folder.At("source"), RandomLlama.Config(), seed: 21);
        int[] tokens = Tokens(96, 40);
        ExportOptions full = new() { Weights = WeightPrecision.Float32, Kv = KvPrecision.Float32 };
        float[][] expected = Run(folder, "float", folder.At("source"), full, tokens);
        double estimated = LogitDistance.RelativeError(expected, Run(folder, "int8", folder.At("source"), full with { Kv = KvPrecision.Int8 }, tokens));
        KvScales calibrated = Calibrate(folder.At("float"), tokens);

        KvScaleRewriter.Rewrite(folder.At("int8"), calibrated);

        using var decoder = new ExportedDecoder(folder.At("int8"), rows: 1, capacity: 64);
        double rewritten = LogitDistance.RelativeError(expected, decoder.Append(0, 0, tokens));
        TestContext.Current.SendDiagnosticMessage("int8 keys and values alone: relative error {0:P2} estimated, {1:P2} calibrated", estimated, rewritten);
        Assert.Equal(calibrated.Keys, decoder.Manifest.Kv.KeyScales);
        Assert.Equal(calibrated.Values, decoder.Manifest.Kv.ValueScales);
        Assert.True(rewritten < estimated, $"Calibrated scales err by {rewritten}, estimated ones by {estimated}.");

        // Scales given at export make the very same files.
        ModelExporter.Export(folder.At("source"), folder.At("given"), full with { Kv = KvPrecision.Int8, KvScales = calibrated }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(File.ReadAllBytes(folder.At("given", "model.onnx")), File.ReadAllBytes(folder.At("int8", "model.onnx")));
        Assert.Equal(File.ReadAllBytes(folder.At("given", "longwriter.json")), File.ReadAllBytes(folder.At("int8", "longwriter.json")));
    }

    private static KvScales Calibrate(string folder, int[] tokens)
    {
        using var decoder = new ExportedDecoder(folder, rows: 1, capacity: 64);
        decoder.Append(0, 0, tokens);
        float[] largest = [.. Enumerable.Range(0, 2 * decoder.Manifest.Kv.LayerCount).Select(index => decoder.ReadKv(index, tokens.Length).Max(Math.Abs) / 127)];
        return new KvScales([.. largest.Where((_, index) => index % 2 == 0)], [.. largest.Where((_, index) => index % 2 == 1)]);
    }

    private static float[][] Run(TemporaryFolder folder, string name, string source, ExportOptions options, int[] tokens)
    {
        ModelExporter.Export(source, folder.At(name), options, cancellationToken: TestContext.Current.CancellationToken);
        using var decoder = new ExportedDecoder(folder.At(name), rows: 1, capacity: tokens.Length + 24);
        return decoder.Append(0, 0, tokens);
    }

    /// <summary>Text of the model's own, which is nearer to what it will see than random tokens.</summary>
    private static int[] Greedy(TemporaryFolder folder, ExportOptions options, int count)
    {
        ModelExporter.Export(EmbeddedModel.Folder!, folder.At("float"), options, cancellationToken: TestContext.Current.CancellationToken);
        using var decoder = new ExportedDecoder(folder.At("float"), rows: 1, capacity: count + 1);
        var random = new Random(8);
        List<int> tokens = [random.Next(4, 4096)];
        while (tokens.Count < count)
        {
            // The best of 12 random candidates keeps the text varied.
            float[] logits = decoder.Append(0, tokens.Count - 1, tokens[^1])[0];
            int[] ranked = [.. Enumerable.Range(0, logits.Length).OrderByDescending(id => logits[id]).Take(12)];
            tokens.Add(ranked[random.Next(ranked.Length)]);
        }

        return [.. tokens];
    }

    /// <summary>Replaces a row by what quantizing and reading back makes of it.</summary>
    private static void RoundTo(Span<float> row, WeightPrecision weights, int blockSize)
    {
        int bits = weights == WeightPrecision.Int8 ? 8 : 4;
        byte[] packed = new byte[BlockQuantizer.BytesPerRow(row.Length, blockSize, bits)];
        float[] scales = new float[BlockQuantizer.BlocksPerRow(row.Length, blockSize)];
        if (bits == 8)
        {
            BlockQuantizer.QuantizeInt8(row, blockSize, packed, scales);
        }
        else
        {
            BlockQuantizer.QuantizeInt4(row, blockSize, packed, scales);
        }

        for (int i = 0; i < row.Length; i++)
        {
            int stored = bits == 8 ? packed[i] - 128 : (packed[i / 2] >> (i % 2 * 4) & 0xF) - 8;
            row[i] = stored * scales[i / blockSize];
        }
    }

    private static int[] Tokens(int vocabSize, int count)
    {
        var random = new Random(4);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(vocabSize))];
    }

    private static int Best(float[] logits) => Array.IndexOf(logits, logits.Max());
}
