using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Model;

namespace LongWriter.Throughput.Peers;

/// <summary>
/// Writes a Hugging Face folder of the Llama layout as GGUF, its matrices at Q4_0 or Q8_0: the same values as our exports in blocks of 32, their scales as float16. The
/// vocabulary is one of placeholders, since token ids go in and come out. Format: docs/gguf.md of ggml-org/ggml, version 3.
/// </summary>
internal static class GgufFile
{
    private const int Alignment = 32;
    private const int BlockSize = 32;
    private const uint Float32 = 0;
    private const uint Q4 = 2;
    private const uint Q8 = 8;

    /// <param name="folder">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="bits">4 or 8.</param>
    /// <exception cref="ModelFormatException">The model is not one that llama.cpp's plain llama or qwen2 can hold.</exception>
    public static void Write(string folder, string path, int bits)
    {
        ModelConfig config = ModelConfigReader.Load(folder);
        if (config.AttentionBias != IsQwen(config) || config.MlpBias || config.RopeScaling is not null)
        {
            throw new ModelFormatException($"{folder}: expected a model without scaled positions, and without biases but those of Qwen2, for llama.cpp.");
        }

        using SafetensorsModel source = SafetensorsModel.Open(folder);
        Tensor[] tensors = [.. Tensors(config, bits == 4 ? Q4 : Q8)];
        using var file = new BinaryWriter(File.Create(path), Encoding.UTF8);
        file.Write("GGUF"u8);
        file.Write(3u);
        file.Write((ulong)tensors.Length);
        WriteFields(file, config);
        ulong offset = 0;
        foreach (Tensor tensor in tensors)
        {
            WriteText(file, tensor.Name);
            file.Write(tensor.Rows == 1 ? 1u : 2u);
            file.Write((ulong)tensor.Columns);
            if (tensor.Rows > 1)
            {
                file.Write((ulong)tensor.Rows);
            }

            file.Write(tensor.Type);
            file.Write(offset);
            offset += (ulong)Padded(tensor.Bytes);
        }

        Pad(file);
        foreach (Tensor tensor in tensors)
        {
            long[] shape = tensor.Rows == 1 ? [tensor.Columns] : [tensor.Rows, tensor.Columns];
            WriteValues(file, tensor, source.ReadAll(source.Require(tensor.Source, shape)));
            Pad(file);
        }
    }

    private static bool IsQwen(ModelConfig config) => config.ModelType == "qwen2";

    private static IEnumerable<Tensor> Tensors(ModelConfig config, uint type)
    {
        // llama.cpp's qwen2 turns the halves of a head against each other, as Hugging Face does.
        int turned = IsQwen(config) ? 0 : config.HeadDim;
        yield return new("token_embd.weight", "model.embed_tokens.weight", config.VocabSize, config.HiddenSize, type);
        yield return new("output_norm.weight", "model.norm.weight", 1, config.HiddenSize, Float32);
        if (!config.TieWordEmbeddings)
        {
            yield return new("output.weight", "lm_head.weight", config.VocabSize, config.HiddenSize, type);
        }

        for (int layer = 0; layer < config.LayerCount; layer++)
        {
            string to = $"blk.{layer}.";
            string from = $"model.layers.{layer}.";
            yield return new($"{to}attn_norm.weight", $"{from}input_layernorm.weight", 1, config.HiddenSize, Float32);
            yield return new($"{to}attn_q.weight", $"{from}self_attn.q_proj.weight", config.QuerySize, config.HiddenSize, type, turned);
            yield return new($"{to}attn_k.weight", $"{from}self_attn.k_proj.weight", config.KvSize, config.HiddenSize, type, turned);
            yield return new($"{to}attn_v.weight", $"{from}self_attn.v_proj.weight", config.KvSize, config.HiddenSize, type);
            foreach ((string name, string of, int size) in config.AttentionBias ? ((string, string, int)[])[("attn_q", "q_proj", config.QuerySize), ("attn_k", "k_proj", config.KvSize), ("attn_v", "v_proj", config.KvSize)] : [])
            {
                yield return new($"{to}{name}.bias", $"{from}self_attn.{of}.bias", 1, size, Float32);
            }

            yield return new($"{to}attn_output.weight", $"{from}self_attn.o_proj.weight", config.HiddenSize, config.QuerySize, type);
            yield return new($"{to}ffn_norm.weight", $"{from}post_attention_layernorm.weight", 1, config.HiddenSize, Float32);
            yield return new($"{to}ffn_gate.weight", $"{from}mlp.gate_proj.weight", config.IntermediateSize, config.HiddenSize, type);
            yield return new($"{to}ffn_up.weight", $"{from}mlp.up_proj.weight", config.IntermediateSize, config.HiddenSize, type);
            yield return new($"{to}ffn_down.weight", $"{from}mlp.down_proj.weight", config.HiddenSize, config.IntermediateSize, type);
        }
    }

    private static void WriteValues(BinaryWriter file, Tensor tensor, float[] values)
    {
        if (tensor.Type == Float32)
        {
            file.Write(MemoryMarshal.AsBytes(values.AsSpan()));
            return;
        }

        int blocks = BlockQuantizer.BlocksPerRow(tensor.Columns, BlockSize);
        byte[] packed = new byte[BlockQuantizer.BytesPerRow(tensor.Columns, BlockSize, tensor.Type == Q4 ? 4 : 8)];
        float[] scales = new float[blocks];
        for (int row = 0; row < tensor.Rows; row++)
        {
            ReadOnlySpan<float> weights = values.AsSpan(tensor.SourceRow(row) * tensor.Columns, tensor.Columns);
            if (tensor.Type == Q4)
            {
                BlockQuantizer.QuantizeInt4(weights, BlockSize, packed, scales);
            }
            else
            {
                BlockQuantizer.QuantizeInt8(weights, BlockSize, packed, scales);
            }

            for (int block = 0; block < blocks; block++)
            {
                file.Write(BitConverter.HalfToUInt16Bits((Half)scales[block]));
                WriteBlock(file, tensor.Type, packed, block);
            }
        }
    }

    private static void WriteBlock(BinaryWriter file, uint type, byte[] packed, int block)
    {
        if (type == Q8)
        {
            for (int i = 0; i < BlockSize; i++)
            {
                file.Write((sbyte)(packed[(block * BlockSize) + i] - 128));
            }

            return;
        }

        // A byte has the weights i and i + 16 of the block; ours has neighbours.
        for (int i = 0; i < BlockSize / 2; i++)
        {
            file.Write((byte)(Nibble(i) | (Nibble(i + (BlockSize / 2)) << 4)));
        }

        int Nibble(int index) => (packed[((block * BlockSize) + index) / 2] >> (index % 2 * 4)) & 0xF;
    }

    private static void WriteFields(BinaryWriter file, ModelConfig config)
    {
        string kind = config.ModelType;
        (string Key, object Value)[] fields =
        [
            ("general.architecture", kind),
            ($"{kind}.context_length", (uint)config.MaxPositions),
            ($"{kind}.embedding_length", (uint)config.HiddenSize),
            ($"{kind}.block_count", (uint)config.LayerCount),
            ($"{kind}.feed_forward_length", (uint)config.IntermediateSize),
            ($"{kind}.rope.dimension_count", (uint)config.HeadDim),
            ($"{kind}.attention.key_length", (uint)config.HeadDim),
            ($"{kind}.attention.value_length", (uint)config.HeadDim),
            ($"{kind}.attention.head_count", (uint)config.HeadCount),
            ($"{kind}.attention.head_count_kv", (uint)config.KvHeadCount),
            ($"{kind}.attention.layer_norm_rms_epsilon", config.RmsNormEpsilon),
            ($"{kind}.rope.freq_base", (float)config.RopeTheta),
            ($"{kind}.vocab_size", (uint)config.VocabSize),
            ("tokenizer.ggml.model", "llama"),
            ("tokenizer.ggml.tokens", Enumerable.Range(0, config.VocabSize).Select(Placeholder).ToArray()),
            ("tokenizer.ggml.scores", new float[config.VocabSize]),
            ("tokenizer.ggml.token_type", Enumerable.Range(0, config.VocabSize).Select(id => IsByte(id) ? 6 : 1).ToArray()),
            ("tokenizer.ggml.bos_token_id", 1u),
            ("tokenizer.ggml.eos_token_id", (uint)(config.EosTokenIds is [int first, ..] ? first : 2)),
        ];
        file.Write((ulong)fields.Length);
        foreach ((string key, object value) in fields)
        {
            WriteText(file, key);
            WriteValue(file, value, withType: true);
        }
    }

    private static void WriteValue(BinaryWriter file, object value, bool withType)
    {
        if (withType)
        {
            file.Write(value switch { uint => 4u, int => 5u, float => 6u, string => 8u, _ => 9u });
        }

        switch (value)
        {
            case uint number:
                file.Write(number);
                break;
            case int number:
                file.Write(number);
                break;
            case float number:
                file.Write(number);
                break;
            case string text:
                WriteText(file, text);
                break;
            case Array items:
                file.Write(items switch { float[] => 6u, int[] => 5u, _ => 8u });
                file.Write((ulong)items.Length);
                foreach (object item in items)
                {
                    WriteValue(file, item, withType: false);
                }

                break;
            default:
                throw new InvalidOperationException($"A field has a {value.GetType()}.");
        }
    }

    /// <summary>A vocabulary of this kind must have a token for each byte.</summary>
    private static bool IsByte(int id) => id is >= 256 and < 512;

    private static string Placeholder(int id) => IsByte(id) ? string.Create(CultureInfo.InvariantCulture, $"<0x{id - 256:X2}>") : string.Create(CultureInfo.InvariantCulture, $"<t{id}>");

    private static void WriteText(BinaryWriter file, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        file.Write((ulong)bytes.Length);
        file.Write(bytes);
    }

    private static void Pad(BinaryWriter file)
    {
        file.Flush();
        file.Write(new byte[Padded(file.BaseStream.Position) - file.BaseStream.Position]);
    }

    private static long Padded(long length) => (length + Alignment - 1) / Alignment * Alignment;

    /// <param name="Name">In the file.</param>
    /// <param name="Source">In the folder.</param>
    /// <param name="Rows">1 for a vector.</param>
    /// <param name="Columns">Elements of a row.</param>
    /// <param name="Type">GGML's number of the type.</param>
    /// <param name="HeadDim">For queries and keys, whose rows have another order; 0 for others.</param>
    private sealed record Tensor(string Name, string Source, int Rows, int Columns, uint Type, int HeadDim = 0)
    {
        public long Bytes => Rows * (Type == Float32 ? 4L * Columns : (long)BlockQuantizer.BlocksPerRow(Columns, BlockSize) * (Type == Q4 ? 18 : 34));

        /// <summary>Hugging Face turns element i of a head with element i + half, llama.cpp's llama turns neighbours: rows 0, half, 1, half + 1, ...</summary>
        public int SourceRow(int row)
        {
            if (HeadDim == 0)
            {
                return row;
            }

            int inHead = row % HeadDim;
            return row - inHead + (inHead % 2 * HeadDim / 2) + (inHead / 2);
        }
    }
}
