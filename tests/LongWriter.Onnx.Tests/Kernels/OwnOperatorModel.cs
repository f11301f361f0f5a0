using System.Text.Json.Nodes;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Runtime.Kernels;
using LongWriter.Onnx.Tests.Export;
using LongWriter.Onnx.Tests.Model;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>A small random model whose weights all forms can hold, so that what differs between exports of it is what is computed on the way; exported when asked for.</summary>
internal sealed class OwnOperatorModel : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<ExportedDecoder> decoders = [];

    public OwnOperatorModel(ExportOptions held, Action<JsonObject>? change = null)
    {
        JsonObject config = RandomLlama.Config();
        change?.Invoke(config);
        RandomLlama.Write(folder.At("source"), config, seed: 21, changeRow: row => Hold(row, held));
    }

    public static int[] Tokens(int count, int seed = 4)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(4, 96))];
    }

    /// <summary>The folder of an export.</summary>
    public string Export(string name, ExportOptions options)
    {
        if (!Directory.Exists(folder.At(name)))
        {
            ModelExporter.Export(folder.At("source"), folder.At(name), options, cancellationToken: TestContext.Current.CancellationToken);
        }

        return folder.At(name);
    }

    public ExportedDecoder Decoder(string name, ExportOptions options, int rows = 1, int threads = 1)
    {
        var decoder = new ExportedDecoder(Export(name, options), rows, capacity: 100, threads);
        decoders.Add(decoder);
        return decoder;
    }

    public float[][] Run(string name, ExportOptions options, int[] tokens) => Decoder(name, options).Append(0, 0, tokens);

    public void Dispose()
    {
        decoders.ForEach(decoder => decoder.Dispose());
        folder.Dispose();
    }

    private static void Hold(Span<float> row, ExportOptions options)
    {
        var layout = new BlockLayout(row.Length, 1, options.Weights == WeightPrecision.Int8 ? 8 : 4, options.BlockSize);
        byte[] quants = new byte[layout.PaddedInputs];
        float[] scales = new float[layout.Blocks];
        BlockQuantizer.Quantize(row, layout, quants, scales);
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = (quants[i] - layout.ZeroPoint) * scales[i / layout.BlockSize];
        }
    }
}
