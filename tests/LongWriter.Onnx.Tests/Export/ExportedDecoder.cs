using System.Text.Json;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Tests.Export;

/// <summary>Runs an exported graph over rows of one shared buffer of keys and values, as the engine does: the same memory is past and present.</summary>
internal sealed class ExportedDecoder : IDisposable
{
    private readonly OrtSession session;
    private readonly OrtRunOptions runOptions;
    private readonly NativeBuffer[] kv;
    private readonly TensorElementType kvType;
    private readonly int rows;
    private readonly int capacity;

    public ExportedDecoder(string folder, int rows, int capacity, int threads = 1)
    {
        this.rows = rows;
        this.capacity = capacity;
        Manifest = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, ModelManifest.FileName)), ModelManifestJson.Default.ModelManifest)!;
        session = OrtSession.Load(Path.Combine(folder, Manifest.Model), new OnnxRuntimeOptions { IntraOpThreads = threads });
        runOptions = new OrtRunOptions(session.Environment);
        kvType = Manifest.Kv.ElementType switch { "int8" => TensorElementType.Int8, "float16" => TensorElementType.Float16, _ => TensorElementType.Float };
        kv = [.. Enumerable.Range(0, 2 * Manifest.Kv.LayerCount).Select(_ => Poisoned(kvType.ByteCount(rows * RowElements)))];
    }

    public ModelManifest Manifest { get; }

    public OrtSession Session => session;

    private long RowElements => (long)Manifest.Kv.HeadCount * capacity * Manifest.Kv.HeadDim;

    /// <summary>Appends <paramref name="tokens"/> to row <paramref name="row"/>, whose first <paramref name="past"/> positions are kept; logits of each.</summary>
    public float[][] Append(int row, int past, params int[] tokens) => Step(row, [tokens], [past + tokens.Length]);

    /// <summary>Appends one token to each row from 0 on; logits of each.</summary>
    public float[][] Decode(int[] pasts, int[] tokens) => Step(0, [.. tokens.Select(token => new[] { token })], [.. pasts.Select(past => past + 1)]);

    /// <summary>Keys (even) or values (odd) of a layer, of the positions below <paramref name="length"/> of row 0.</summary>
    public IEnumerable<float> ReadKv(int index, int length)
    {
        using OrtTensor all = OrtTensor.View(session.Environment, kv[index], 0, kvType, rows, Manifest.Kv.HeadCount, capacity, Manifest.Kv.HeadDim);
        float[] values = all.AsSpan<float>().ToArray();
        return Enumerable.Range(0, Manifest.Kv.HeadCount).SelectMany(head => values.Skip(head * capacity * Manifest.Kv.HeadDim).Take(length * Manifest.Kv.HeadDim));
    }

    public void Dispose()
    {
        runOptions.Dispose();
        session.Dispose();
        foreach (NativeBuffer buffer in kv)
        {
            buffer.Dispose();
        }
    }

    private float[][] Step(int firstRow, int[][] tokens, int[] lengths)
    {
        int batch = tokens.Length;
        int sequence = tokens[0].Length;
        OrtEnvironment environment = session.Environment;
        using var binding = new OrtIoBinding(session);
        List<OrtTensor> tensors = [];
        foreach (int i in Enumerable.Range(0, session.Inputs.Count))
        {
            OrtTensor tensor = session.Inputs[i].Name switch
            {
                "input_ids" => OrtTensor.From<long>(environment, [.. tokens.SelectMany(row => row.Select(token => (long)token))], batch, sequence),
                "seqlens_k" => OrtTensor.From<int>(environment, [.. lengths.Select(length => length - 1)], batch),
                "total_sequence_length" => OrtTensor.From<int>(environment, [lengths.Max()]),
                "logit_idx" => OrtTensor.From<long>(environment, [.. Enumerable.Range(0, batch * sequence).Select(index => (long)index)], batch * sequence),
                string name => KvView(KvIndex(name), firstRow, batch),
            };
            tensors.Add(tensor);
            binding.BindInput(i, tensor);
        }

        OrtTensor logits = OrtTensor.Allocate(environment, TensorElementType.Float, batch * sequence, Manifest.VocabSize);
        tensors.Add(logits);
        foreach (int i in Enumerable.Range(0, session.Outputs.Count))
        {
            string name = session.Outputs[i].Name;
            OrtTensor tensor = name == "logits" ? logits : KvView(KvIndex(name), firstRow, batch);
            tensors.Add(tensor);
            binding.BindOutput(i, tensor);
        }

        session.Run(binding, runOptions);
        float[][] result = [.. logits.AsSpan<float>().ToArray().Chunk(Manifest.VocabSize)];
        tensors.ForEach(tensor => tensor.Dispose());
        return result;
    }

    private OrtTensor KvView(int index, int firstRow, int batch) => OrtTensor.View(
        session.Environment, kv[index], kvType.ByteCount(firstRow * RowElements), kvType, batch, Manifest.Kv.HeadCount, capacity, Manifest.Kv.HeadDim);

    /// <summary>"past_key_values.3.value" is 7.</summary>
    private static int KvIndex(string name)
    {
        string[] parts = name.Split('.');
        return 2 * int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) + (parts[2] == "key" ? 0 : 1);
    }

    /// <summary>Memory as it may come: not zero, and not a number when read as float.</summary>
    private NativeBuffer Poisoned(long lengthBytes)
    {
        var buffer = new NativeBuffer(lengthBytes);
        using OrtTensor bytes = OrtTensor.View(session.Environment, buffer, 0, TensorElementType.UInt8, lengthBytes);
        bytes.AsSpan<byte>().Fill(0xFF);
        return buffer;
    }
}
