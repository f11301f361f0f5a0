using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Onnx.Tests.Decoding;

/// <summary>
/// Folders with config.json and a graph that nothing describes, of the same weights as the fixture's. No file that Optimum made is here: these are our graphs
/// in its inputs and outputs.
/// </summary>
internal static class OptimumModel
{
    public static PlainGraphOptions Plain { get; } = new();

    /// <summary>By name, for theories: "shared" has GroupQueryAttention, the others are plain.</summary>
    public static void Write(GenAiModel source, string model, string form, string folder)
    {
        Write(source, model, folder, form switch
        {
            "shared" => null,
            "plain" => Plain,
            "no-positions" => Plain with { TakesPositions = false },
            "keep" => Plain with { TakesLogitsToKeep = true },
            "merged" => Plain with { IsMerged = true },
            "half-kv" => Plain with { KvType = TensorElementType.Float16 },
            "half-logits" => Plain with { LogitsType = TensorElementType.Float16 },
            "half" => Plain with { KvType = TensorElementType.Float16, LogitsType = TensorElementType.Float16 },
            "bfloat16" => Plain with { KvType = TensorElementType.BFloat16, LogitsType = TensorElementType.BFloat16 },
            _ => throw new ArgumentException($"Form must be known but is '{form}'."),
        });
    }

    /// <param name="source">The weights.</param>
    /// <param name="model">"random" or "seed".</param>
    /// <param name="folder">Where to write.</param>
    /// <param name="options">The graph; null for the one with GroupQueryAttention.</param>
    public static void Write(GenAiModel source, string model, string folder, PlainGraphOptions? options)
    {
        GenAiModel.Copy(source.FolderOf(model, "genai"), folder);
        File.Delete(Path.Combine(folder, "genai_config.json"));
        if (options is not null)
        {
            GenAiModel.EditGraph(folder, graph => PlainGraph.Rewrite(graph, options));
        }
    }

    /// <summary>Moves the graph and its weights to the folder "onnx", the weights spread over two files.</summary>
    public static void MoveAndShard(string folder)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, "model.onnx")));
        byte[] data = File.ReadAllBytes(Path.Combine(folder, "model.onnx.data"));
        Directory.CreateDirectory(Path.Combine(folder, "onnx"));
        string[] names = ["model.onnx_data", "model.onnx_data_1"];
        FileStream[] shards = [.. names.Select(name => File.Create(Path.Combine(folder, "onnx", name)))];
        int shard = 0;
        foreach (TensorProto tensor in model.Graph.Initializer.Where(tensor => tensor.ExternalData.Count > 0))
        {
            shard = 1 - shard;
            int offset = int.Parse(Entry("offset").Value, CultureInfo.InvariantCulture);
            int length = int.Parse(Entry("length").Value, CultureInfo.InvariantCulture);
            shards[shard].Position = (shards[shard].Position + 63) / 64 * 64;
            Entry("location").Value = names[shard];
            Entry("offset").Value = shards[shard].Position.ToString(CultureInfo.InvariantCulture);
            shards[shard].Write(data, offset, length);

            StringStringEntryProto Entry(string key) => tensor.ExternalData.Single(entry => entry.Key == key);
        }

        Array.ForEach(shards, stream => stream.Dispose());
        File.WriteAllBytes(Path.Combine(folder, "onnx", "model.onnx"), model.ToByteArray());
        File.Delete(Path.Combine(folder, "model.onnx"));
        File.Delete(Path.Combine(folder, "model.onnx.data"));
    }

    public static void EditConfig(string folder, Action<JsonNode> change)
    {
        string path = Path.Combine(folder, "config.json");
        JsonNode config = JsonNode.Parse(File.ReadAllText(path))!;
        change(config);
        File.WriteAllText(path, config.ToJsonString());
    }

    public static DecodingEngine Load(string folder, string? modelFile) => DecodingEngine.Load(
        new EngineOptions { ModelFolder = folder, ModelFile = modelFile, Threads = 1, Runtime = new OnnxRuntimeOptions { AllowSpinning = false } }, NullLogger.Instance);
}
