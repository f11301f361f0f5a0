using System.Text.Json;

namespace LongWriter.Onnx.Model;

/// <summary>The weights of a model folder: model.safetensors, or the shards that model.safetensors.index.json names.</summary>
internal sealed class SafetensorsModel : IDisposable
{
    private const string SingleFile = "model.safetensors";
    private const string IndexFile = "model.safetensors.index.json";

    private readonly Dictionary<string, (SafetensorsFile File, TensorInfo Tensor)> tensors = new(StringComparer.Ordinal);
    private readonly List<SafetensorsFile> files = [];

    private SafetensorsModel()
    {
    }

    /// <summary>The files, in the order of their names.</summary>
    public IReadOnlyList<string> FilePaths => [.. files.Select(file => file.Path)];

    public int TensorCount => tensors.Count;

    /// <summary>Opens the weights.</summary>
    /// <exception cref="ModelFormatException">A file is missing or broken, or the index does not agree with the shards.</exception>
    public static SafetensorsModel Open(string modelFolder)
    {
        var model = new SafetensorsModel();
        try
        {
            string index = Path.Combine(modelFolder, IndexFile);
            if (File.Exists(index))
            {
                model.AddShards(modelFolder, ModelJson.Read(IndexFile, File.ReadAllBytes(index), ReadIndex));
            }
            else if (File.Exists(Path.Combine(modelFolder, SingleFile)))
            {
                model.AddFile(Path.Combine(modelFolder, SingleFile));
            }
            else
            {
                throw new ModelFormatException($"{SingleFile}: expected it or {IndexFile} in '{modelFolder}', found neither.");
            }

            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    public bool Contains(string name) => tensors.ContainsKey(name);

    /// <summary>The tensor <paramref name="name"/>, which must have <paramref name="shape"/>.</summary>
    /// <exception cref="ModelFormatException">It is absent or has another shape.</exception>
    public TensorInfo Require(string name, params ReadOnlySpan<long> shape)
    {
        if (!tensors.TryGetValue(name, out (SafetensorsFile File, TensorInfo Tensor) entry))
        {
            throw new ModelFormatException($"{SingleFile}: tensor '{name}': expected one of shape [{string.Join(", ", shape.ToArray())}], found none.");
        }

        return entry.Tensor.Shape.SequenceEqual(shape.ToArray())
            ? entry.Tensor
            : throw new ModelFormatException(
                $"{Path.GetFileName(entry.File.Path)}: tensor '{name}': expected shape [{string.Join(", ", shape.ToArray())}] by config.json, found {entry.Tensor.ShapeText}.");
    }

    /// <summary>Reads elements of a float tensor as float32.</summary>
    public void Read(TensorInfo tensor, long firstElement, Span<float> target) => tensors[tensor.Name].File.Read(tensor, firstElement, target);

    /// <summary>Reads a whole float tensor as float32.</summary>
    public float[] ReadAll(TensorInfo tensor)
    {
        float[] values = new float[tensor.ElementCount];
        Read(tensor, 0, values);
        return values;
    }

    public void Dispose() => files.ForEach(file => file.Dispose());

    private static Dictionary<string, string> ReadIndex(JsonElement root)
    {
        if (!root.TryGetProperty("weight_map", out JsonElement map) || map.ValueKind != JsonValueKind.Object)
        {
            throw new ModelFormatException($"{IndexFile}: weight_map: expected an object of file names by tensor, found none.");
        }

        var shards = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty entry in map.EnumerateObject())
        {
            string shard = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : entry.Value.GetRawText();

            // A name with a folder in it could lead out of the model's folder.
            if (shard.AsSpan().ContainsAny('/', '\\', '\0') || !shard.EndsWith(".safetensors", StringComparison.Ordinal))
            {
                throw new ModelFormatException($"{IndexFile}: tensor '{entry.Name}': expected the name of a .safetensors file in the same folder, found '{shard}'.");
            }

            shards[entry.Name] = shard;
        }

        return shards.Count > 0 ? shards : throw new ModelFormatException($"{IndexFile}: weight_map: expected one tensor or more, found none.");
    }

    private void AddShards(string folder, Dictionary<string, string> shards)
    {
        foreach (string shard in shards.Values.Distinct().Order(StringComparer.Ordinal))
        {
            string path = Path.Combine(folder, shard);
            if (!File.Exists(path))
            {
                throw new ModelFormatException($"{IndexFile}: expected the shard '{shard}' in '{folder}', found no such file.");
            }

            AddFile(path);
        }

        foreach ((string name, string shard) in shards)
        {
            if (!tensors.TryGetValue(name, out (SafetensorsFile File, TensorInfo Tensor) entry) || Path.GetFileName(entry.File.Path) != shard)
            {
                throw new ModelFormatException($"{IndexFile}: tensor '{name}': expected it in '{shard}', found it {(entry.File is null ? "nowhere" : $"in '{Path.GetFileName(entry.File.Path)}'")}.");
            }
        }
    }

    private void AddFile(string path)
    {
        SafetensorsFile file = SafetensorsFile.Open(path);
        files.Add(file);
        foreach (TensorInfo tensor in file.Tensors.Values)
        {
            if (!tensors.TryAdd(tensor.Name, (file, tensor)))
            {
                throw new ModelFormatException(
                    $"{Path.GetFileName(path)}: tensor '{tensor.Name}': expected it in one shard, found it in '{Path.GetFileName(tensors[tensor.Name].File.Path)}' too.");
            }
        }
    }
}
