using System.Text.Json.Nodes;
using Google.Protobuf;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Export.Protobuf;

namespace LongWriter.Throughput.Peers;

/// <summary>
/// Writes a model as its users would find it for transformers.js: config.json and a graph in onnx/, quantized in blocks of 32, with GroupQueryAttention over float32 keys and
/// values that grow, a mask, and logits of as many last positions as are asked for. The weights are the values of our exports in blocks of 32.
/// </summary>
internal static class TransformersFolder
{
    private const string LogitsToKeep = "num_logits_to_keep";

    /// <param name="from">A Hugging Face folder.</param>
    /// <param name="to">The folder to make.</param>
    /// <param name="precision">int8 or int4.</param>
    /// <returns>What transformers.js calls the precision.</returns>
    public static string Write(string from, string to, string precision)
    {
        (string type, string file, WeightPrecision weights) = precision == "int4" ? ("q4", "model_q4.onnx", WeightPrecision.Int4) : ("q8", "model_quantized.onnx", WeightPrecision.Int8);
        string export = Path.Combine(to, "export");
        ModelExporter.Export(from, export, new ExportOptions { Weights = weights, BlockSize = 32, Kv = KvPrecision.Float32, Signature = Signature.GenAi });
        string onnx = Directory.CreateDirectory(Path.Combine(to, "onnx")).FullName;
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(export, ModelExporter.GraphFile)));
        MoveData(model, $"{file}_data");
        AddLogitsToKeep(model.Graph);
        NameDimensions(model.Graph);
        File.WriteAllBytes(Path.Combine(onnx, file), model.ToByteArray());
        File.Move(Path.Combine(export, ModelExporter.DataFile), Path.Combine(onnx, $"{file}_data"));
        Directory.Delete(export, recursive: true);

        JsonNode config = JsonNode.Parse(File.ReadAllText(Path.Combine(from, "config.json")))!;
        config["transformers.js_config"] = new JsonObject { ["use_external_data_format"] = true };
        File.WriteAllText(Path.Combine(to, "config.json"), config.ToJsonString());
        return type;
    }

    private static void MoveData(ModelProto model, string file)
    {
        foreach (StringStringEntryProto entry in model.Graph.Initializer.SelectMany(tensor => tensor.ExternalData).Where(entry => entry.Key == "location"))
        {
            entry.Value = file;
        }
    }

    /// <summary>transformers.js makes the empty keys and values of the first step by the dimensions' names.</summary>
    private static void NameDimensions(GraphProto graph)
    {
        foreach (TensorShapeProto.Types.Dimension dimension in graph.Input.Concat(graph.Output).SelectMany(value => value.Type.TensorType.Shape.Dim).Where(dimension => dimension.DimParam is "batch" or "sequence"))
        {
            dimension.DimParam = dimension.DimParam == "batch" ? "batch_size" : "sequence_length";
        }
    }

    /// <summary>Cuts what goes into the output projection to the last positions, of which 0 are all.</summary>
    private static void AddLogitsToKeep(GraphProto graph)
    {
        var added = new GraphWriter("added");
        added.Input(LogitsToKeep, Onnx.Runtime.TensorElementType.Int64);
        NodeProto rows = graph.Node.Single(node => node.Name == "rows");
        NodeProto step = graph.Node.Single(node => node.Name == "rows.step");
        string kept = added.Node("keep.number", "Reshape", [LogitsToKeep, added.Inline<long>("keep.one", [1], 1)]);
        string start = added.Node("keep.start", "Neg", [kept]);
        string end = added.Inline<long>("keep.end", [long.MaxValue], 1);
        string last = added.Node("keep.last", "Slice", [rows.Input[0], start, end, added.Inline<long>("keep.axis", [1], 1)]);
        rows.Input[0] = last;
        step.Input[0] = last;
        step.Attribute.Add(GraphWriter.Attribute("end", 2));

        int place = graph.Node.IndexOf(rows);
        foreach (NodeProto node in added.Graph.Node)
        {
            graph.Node.Insert(place++, node);
        }

        graph.Initializer.Add(added.Graph.Initializer);
        graph.Input.Add(added.Graph.Input);
    }
}
