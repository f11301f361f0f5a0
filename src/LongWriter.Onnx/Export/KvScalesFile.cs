using System.Text.Json;
using System.Text.Json.Serialization;
using LongWriter.Onnx.Model;

namespace LongWriter.Onnx.Export;

/// <summary>kv_scales.json of a model folder: calibrated scales that travel with the weights.</summary>
public static class KvScalesFile
{
    /// <summary>The file's name in the model's folder.</summary>
    public const string FileName = "kv_scales.json";

    /// <summary>Reads the scales beside a model.</summary>
    /// <param name="modelFolder">The model's folder.</param>
    /// <returns>The scales; null when the folder has no such file.</returns>
    /// <exception cref="ModelFormatException">The file does not hold scales.</exception>
    public static KvScales? Find(string modelFolder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(modelFolder);
        string path = Path.Combine(modelFolder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), KvScalesJson.Default.KvScales)
                ?? throw new ModelFormatException($"{FileName}: expected an object with keys and values, found null.");
        }
        catch (JsonException e)
        {
            throw new ModelFormatException($"{FileName}: {e.Path ?? "$"}: expected scales, found an error: {e.Message}", e);
        }
    }

    /// <summary>Writes the scales beside a model.</summary>
    /// <param name="modelFolder">The model's folder.</param>
    /// <param name="scales">The scales.</param>
    public static void Write(string modelFolder, KvScales scales)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(modelFolder);
        File.WriteAllText(Path.Combine(modelFolder, FileName), JsonSerializer.Serialize(scales, KvScalesJson.Default.KvScales) + "\n");
    }
}

[JsonSerializable(typeof(KvScales))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
internal sealed partial class KvScalesJson : JsonSerializerContext;
