using LongWriter.Onnx.Model;

namespace LongWriter.Onnx.Tests.Export;

/// <summary>
/// The Llama layout as plainly as it can be written, in double precision: no cache, no packing, rotary halves turned by complex numbers. Written from the
/// formulas, independent of the graph. Shares with the exporter only config.json's reader and the safetensors reader.
/// </summary>
internal sealed class TinyLlamaReference(ModelConfig config, SafetensorsModel source, double[] frequencies, double rotaryFactor)
{
    private readonly Dictionary<string, double[]> cache = [];

    /// <summary>Logits after each position, [tokens][vocab].</summary>
    public double[][] Logits(IReadOnlyList<int> tokens)
    {
        double[] table = Weights("model.embed_tokens.weight", config.VocabSize, config.HiddenSize);
        double[][] stream = [.. tokens.Select(token => table[(token * config.HiddenSize)..((token + 1) * config.HiddenSize)])];
        for (int layer = 0; layer < config.LayerCount; layer++)
        {
            string prefix = $"model.layers.{layer}";
            double[][] attention = Attention($"{prefix}.self_attn", Norm($"{prefix}.input_layernorm", stream));
            stream = [.. stream.Zip(attention, Sum)];
            double[][] feedForward = FeedForward($"{prefix}.mlp", Norm($"{prefix}.post_attention_layernorm", stream));
            stream = [.. stream.Zip(feedForward, Sum)];
        }

        string output = config.TieWordEmbeddings ? "model.embed_tokens" : "lm_head";
        return Linear(output, Norm("model.norm", stream), config.VocabSize, bias: false);
    }

    private double[][] Norm(string name, double[][] rows)
    {
        double[] weight = Weights($"{name}.weight", config.HiddenSize);
        return [.. rows.Select(row =>
        {
            double inverse = 1 / Math.Sqrt(row.Sum(x => x * x) / row.Length + config.RmsNormEpsilon);
            return row.Select((x, i) => x * inverse * weight[i]).ToArray();
        })];
    }

    private double[][] Attention(string prefix, double[][] rows)
    {
        double[][] queries = Linear($"{prefix}.q_proj", rows, config.QuerySize, config.AttentionBias);
        double[][] keys = Linear($"{prefix}.k_proj", rows, config.KvSize, config.AttentionBias);
        double[][] values = Linear($"{prefix}.v_proj", rows, config.KvSize, config.AttentionBias);
        for (int position = 0; position < rows.Length; position++)
        {
            Rotate(queries[position], position);
            Rotate(keys[position], position);
        }

        double[][] mixed = [.. rows.Select(_ => new double[config.QuerySize])];
        for (int head = 0; head < config.HeadCount; head++)
        {
            int queryStart = head * config.HeadDim;
            int kvStart = head / (config.HeadCount / config.KvHeadCount) * config.HeadDim;
            for (int position = 0; position < rows.Length; position++)
            {
                double[] scores = [.. Enumerable.Range(0, position + 1).Select(other =>
                    Enumerable.Range(0, config.HeadDim).Sum(i => queries[position][queryStart + i] * keys[other][kvStart + i]) / Math.Sqrt(config.HeadDim))];
                double largest = scores.Max();
                double[] weights = [.. scores.Select(score => Math.Exp(score - largest))];
                double total = weights.Sum();
                for (int other = 0; other <= position; other++)
                {
                    for (int i = 0; i < config.HeadDim; i++)
                    {
                        mixed[position][queryStart + i] += weights[other] / total * values[other][kvStart + i];
                    }
                }
            }
        }

        return Linear($"{prefix}.o_proj", mixed, config.HiddenSize, config.AttentionOutputBias);
    }

    /// <summary>Element i of a head and element i + half are the two parts of one complex number.</summary>
    private void Rotate(double[] row, int position)
    {
        int half = config.HeadDim / 2;
        for (int start = 0; start < row.Length; start += config.HeadDim)
        {
            for (int i = 0; i < half; i++)
            {
                var turned = new System.Numerics.Complex(row[start + i], row[start + half + i])
                    * System.Numerics.Complex.FromPolarCoordinates(rotaryFactor, position * frequencies[i]);
                (row[start + i], row[start + half + i]) = (turned.Real, turned.Imaginary);
            }
        }
    }

    private double[][] FeedForward(string prefix, double[][] rows)
    {
        double[][] gate = Linear($"{prefix}.gate_proj", rows, config.IntermediateSize, config.MlpBias);
        double[][] up = Linear($"{prefix}.up_proj", rows, config.IntermediateSize, config.MlpBias);
        double[][] product = [.. gate.Zip(up, (g, u) => g.Zip(u, (x, y) => x / (1 + Math.Exp(-x)) * y).ToArray())];
        return Linear($"{prefix}.down_proj", product, config.HiddenSize, config.MlpBias);
    }

    private double[][] Linear(string name, double[][] rows, int outputs, bool bias)
    {
        int inputs = rows[0].Length;
        double[] weight = Weights($"{name}.weight", outputs, inputs);
        double[] added = bias ? Weights($"{name}.bias", outputs) : new double[outputs];
        return [.. rows.Select(row =>
        {
            double[] result = new double[outputs];
            for (int o = 0; o < outputs; o++)
            {
                double sum = added[o];
                for (int i = 0; i < inputs; i++)
                {
                    sum += weight[o * inputs + i] * row[i];
                }

                result[o] = sum;
            }

            return result;
        })];
    }

    private double[] Weights(string name, params long[] shape)
    {
        if (!cache.TryGetValue(name, out double[]? values))
        {
            values = cache[name] = [.. source.ReadAll(source.Require(name, shape)).Select(value => (double)value)];
        }

        return values;
    }

    private static double[] Sum(double[] left, double[] right) => [.. left.Zip(right, (l, r) => l + r)];
}
