using System.Buffers.Binary;
using System.Text;

namespace LongWriter.Onnx.Tests.Hostile;

/// <summary>Changes one file of a model folder, by a seed and a number.</summary>
internal sealed class Mutator(int seed, int number)
{
    private static readonly string[] SourceFiles =
    [
        "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "model.safetensors.index.json", "config.json", "config.json",
        "tokenizer.json", "tokenizer_config.json", "generation_config.json",
    ];

    private static readonly string[] ExportFiles = ["longwriter.json", "model.onnx", "model.onnx", "model.onnx", "model.onnx.data", "tokenizer.json"];

    private readonly Random random = new(unchecked(seed * 1_000_003 + number));

    /// <returns>What was changed.</returns>
    public string Change(string folder, MutantKind kind)
    {
        string[] files = kind == MutantKind.Source ? SourceFiles : ExportFiles;
        string name = files[number % files.Length];
        string path = Path.Combine(folder, name);
        byte[] bytes = File.ReadAllBytes(path);
        (string change, byte[] changed) = (random.Next(3) > 0, Path.GetExtension(name)) switch
        {
            (true, ".json") => ChangeJson(bytes),
            (true, ".safetensors") => ChangeSafetensors(bytes),
            (true, ".onnx") => new GraphMutator(random).Change(bytes),
            _ => ChangeBytes(bytes),
        };
        File.WriteAllBytes(path, changed);
        return $"{name}: {change}";
    }

    private (string Change, byte[] Bytes) ChangeJson(byte[] bytes)
    {
        (string change, string json) = new JsonMutator(random).Change(Encoding.UTF8.GetString(bytes));
        return (change, Encoding.UTF8.GetBytes(json));
    }

    private (string Change, byte[] Bytes) ChangeSafetensors(byte[] bytes)
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (random.Next(4) == 0)
        {
            ulong[] lengths = [0, 1, length - 1, length + 1, (ulong)bytes.Length, (ulong)bytes.Length - 8, 100_000_000, int.MaxValue, uint.MaxValue, long.MaxValue, ulong.MaxValue];
            ulong lie = lengths[random.Next(lengths.Length)];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, lie);
            return ($"header length {lie}", bytes);
        }

        // The length is made to fit, so that the lie in the header is reached.
        (string change, string json) = new JsonMutator(random).Change(Encoding.UTF8.GetString(bytes, 8, (int)length));
        byte[] header = Encoding.UTF8.GetBytes(json);
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        return ($"header {change}", [.. prefix, .. header, .. bytes.AsSpan(8 + (int)length)]);
    }

    private (string Change, byte[] Bytes) ChangeBytes(byte[] bytes)
    {
        int at = random.Next(bytes.Length);
        int count = Math.Min(1 + random.Next(16), bytes.Length - at);
        switch (random.Next(6))
        {
            case 0:
                return ($"cut to {at} bytes", bytes[..at]);
            case 1:
                for (int i = 0; i < count; i++)
                {
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                }

                return ($"{count} bits flipped", bytes);
            case 2:
                bytes.AsSpan(at, count).Fill((byte)(random.Next(2) * 255));
                return ($"{count} bytes at {at} overwritten", bytes);
            case 3:
                return ($"{count} bytes at {at} left out", [.. bytes[..at], .. bytes[(at + count)..]]);
            case 4:
                return ($"{count} bytes at {at} twice", [.. bytes[..(at + count)], .. bytes[at..]]);
            default:
                return ("emptied", []);
        }
    }
}
