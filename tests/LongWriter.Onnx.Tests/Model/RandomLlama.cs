using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LongWriter.Onnx.Model;

namespace LongWriter.Onnx.Tests.Model;

/// <summary>Writes a small model of the Llama layout with seeded random float32 weights: config.json and safetensors, in one file or in shards.</summary>
internal static class RandomLlama
{
    public static JsonObject Config() => new()
    {
        ["model_type"] = "llama",
        ["hidden_size"] = 64,
        ["intermediate_size"] = 112,
        ["num_hidden_layers"] = 2,
        ["num_attention_heads"] = 4,
        ["num_key_value_heads"] = 2,
        ["head_dim"] = 32,
        ["vocab_size"] = 96,
        ["max_position_embeddings"] = 256,
        ["rope_theta"] = 10000.0,
        ["rms_norm_eps"] = 1e-5,
        ["tie_word_embeddings"] = false,
        ["eos_token_id"] = 1,
    };

    /// <param name="folder">Where to write.</param>
    /// <param name="config">As from <see cref="Config"/>, changed.</param>
    /// <param name="seed">Of the weights.</param>
    /// <param name="shards">1 writes model.safetensors, more write shards with an index.</param>
    /// <param name="changeRow">Changes each row of each matrix before it is written, or null.</param>
    public static void Write(string folder, JsonObject config, int seed, int shards = 1, Action<Span<float>>? changeRow = null)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        ModelConfig parsed = ModelConfigReader.Load(folder);
        var random = new Random(seed);
        List<(string Name, long[] Shape, float[] Values)> tensors = [];
        foreach ((string name, long[] shape) in Tensors(parsed))
        {
            float[] values = new float[shape.Aggregate(1L, (product, dimension) => product * dimension)];
            for (int i = 0; i < values.Length; i++)
            {
                // Norm weights around 1; matrices so that a product keeps its input's size, and attention is far from uniform.
                double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                values[i] = (float)(shape.Length == 1 ? (name.EndsWith("bias", StringComparison.Ordinal) ? 0.1 : 1) + 0.1 * normal : normal * 1.5 / Math.Sqrt(shape[1]));
            }

            for (int row = 0; changeRow is not null && shape.Length == 2 && row < shape[0]; row++)
            {
                changeRow(values.AsSpan(row * (int)shape[1], (int)shape[1]));
            }

            tensors.Add((name, shape, values));
        }

        WriteFiles(folder, tensors, shards);
    }

    private static IEnumerable<(string Name, long[] Shape)> Tensors(ModelConfig config)
    {
        yield return ("model.embed_tokens.weight", [config.VocabSize, config.HiddenSize]);
        for (int layer = 0; layer < config.LayerCount; layer++)
        {
            string prefix = $"model.layers.{layer}";
            yield return ($"{prefix}.input_layernorm.weight", [config.HiddenSize]);
            (string, int, int)[] attention = [
                ("q_proj", config.QuerySize, config.HiddenSize), ("k_proj", config.KvSize, config.HiddenSize),
                ("v_proj", config.KvSize, config.HiddenSize), ("o_proj", config.HiddenSize, config.QuerySize)];
            foreach ((string name, int rows, int columns) in attention)
            {
                yield return ($"{prefix}.self_attn.{name}.weight", [rows, columns]);
                if (name == "o_proj" ? config.AttentionOutputBias : config.AttentionBias)
                {
                    yield return ($"{prefix}.self_attn.{name}.bias", [rows]);
                }
            }

            yield return ($"{prefix}.post_attention_layernorm.weight", [config.HiddenSize]);
            (string, int, int)[] feedForward = [
                ("gate_proj", config.IntermediateSize, config.HiddenSize), ("up_proj", config.IntermediateSize, config.HiddenSize),
                ("down_proj", config.HiddenSize, config.IntermediateSize)];
            foreach ((string name, int rows, int columns) in feedForward)
            {
                yield return ($"{prefix}.mlp.{name}.weight", [rows, columns]);
                if (config.MlpBias)
                {
                    yield return ($"{prefix}.mlp.{name}.bias", [rows]);
                }
            }
        }

        yield return ("model.norm.weight", [config.HiddenSize]);
        if (!config.TieWordEmbeddings)
        {
            yield return ("lm_head.weight", [config.VocabSize, config.HiddenSize]);
        }
    }

    private static void WriteFiles(string folder, List<(string Name, long[] Shape, float[] Values)> tensors, int shards)
    {
        if (shards == 1)
        {
            File.WriteAllBytes(Path.Combine(folder, "model.safetensors"), Safetensors(tensors));
            return;
        }

        var map = new JsonObject();
        for (int shard = 0; shard < shards; shard++)
        {
            string file = $"model-{shard + 1:D5}-of-{shards:D5}.safetensors";
            var part = tensors.Where((_, index) => index % shards == shard).ToList();
            part.ForEach(tensor => map[tensor.Name] = file);
            File.WriteAllBytes(Path.Combine(folder, file), Safetensors(part));
        }

        File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), new JsonObject { ["metadata"] = new JsonObject(), ["weight_map"] = map }.ToJsonString());
    }

    private static byte[] Safetensors(List<(string Name, long[] Shape, float[] Values)> tensors)
    {
        var header = new JsonObject { ["__metadata__"] = new JsonObject { ["format"] = "pt" } };
        var data = new MemoryStream();
        foreach ((string name, long[] shape, float[] values) in tensors)
        {
            long begin = data.Length;
            data.Write(MemoryMarshal.AsBytes<float>(values));
            header[name] = JsonSerializer.SerializeToNode(new { dtype = "F32", shape, data_offsets = new[] { begin, data.Length } });
        }

        return Bytes(header.ToJsonString(), data.ToArray());
    }

    /// <summary>A safetensors file of a header and data, whether they fit or not.</summary>
    public static byte[] Bytes(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. data];
    }
}
