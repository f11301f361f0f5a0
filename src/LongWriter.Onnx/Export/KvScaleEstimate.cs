using LongWriter.Onnx.Model;

namespace LongWriter.Onnx.Export;

/// <summary>
/// Scales of int8 keys and values from the weights alone. After an RMS norm the inputs have mean square 1, so an output of a projection spreads by the
/// norm of its row (times the norm's weights); the range is put at a multiple of the widest row's spread. A calibration on text can only do better.
/// </summary>
internal static class KvScaleEstimate
{
    /// <summary>Spreads of the widest row that fit into the range. Rotation mixes two elements of a key and can make one larger by a factor of 1.41.</summary>
    private const float SpreadsInRange = 8;

    public static KvScales FromWeights(ModelConfig config, SafetensorsModel source)
    {
        float[] keys = new float[config.LayerCount];
        float[] values = new float[config.LayerCount];
        for (int layer = 0; layer < config.LayerCount; layer++)
        {
            float[] norm = source.ReadAll(source.Require($"model.layers.{layer}.input_layernorm.weight", config.HiddenSize));
            keys[layer] = Scale(config, source, $"model.layers.{layer}.self_attn.k_proj", norm);
            values[layer] = Scale(config, source, $"model.layers.{layer}.self_attn.v_proj", norm);
        }

        return new KvScales(keys, values);
    }

    private static float Scale(ModelConfig config, SafetensorsModel source, string projection, float[] norm)
    {
        TensorInfo weight = source.Require($"{projection}.weight", config.KvSize, config.HiddenSize);
        float[]? bias = config.AttentionBias ? source.ReadAll(source.Require($"{projection}.bias", config.KvSize)) : null;
        float[] row = new float[config.HiddenSize];
        double widest = 0;
        for (int i = 0; i < config.KvSize; i++)
        {
            source.Read(weight, (long)i * config.HiddenSize, row);
            double squares = 0;
            for (int column = 0; column < row.Length; column++)
            {
                double element = row[column] * (double)norm[column];
                squares += element * element;
            }

            widest = Math.Max(widest, SpreadsInRange * Math.Sqrt(squares) + Math.Abs(bias?[i] ?? 0));
        }

        // All-zero weights give keys of zero, which every scale represents.
        return widest > 0 ? (float)(widest / 127) : 1;
    }
}
