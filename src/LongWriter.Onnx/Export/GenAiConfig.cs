using System.Buffers;
using System.Text.Json;
using LongWriter.Onnx.Model;

namespace LongWriter.Onnx.Export;

/// <summary>
/// genai_config.json, the description that tools around onnxruntime-genai read (sizes, names, token ids, search defaults). It describes the graph as it
/// is; onnxruntime-genai itself does not run it, because it does not feed the inputs seqlens_k (lengths minus 1) and logit_idx (rows of logits wanted).
/// </summary>
internal static class GenAiConfig
{
    public const string FileName = "genai_config.json";

    public static byte[] Write(ModelConfig config, ModelManifest manifest)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteStartObject("model");
            WriteTokens(json, config);
            json.WriteNumber("context_length", manifest.MaxPositions);
            json.WriteString("type", config.ModelType);
            json.WriteNumber("vocab_size", config.VocabSize);
            WriteDecoder(json, config, manifest);
            json.WriteEndObject();
            WriteSearch(json, manifest);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteTokens(Utf8JsonWriter json, ModelConfig config)
    {
        if (config.BosTokenId is { } bos)
        {
            json.WriteNumber("bos_token_id", bos);
        }

        json.WriteStartArray("eos_token_id");
        foreach (int id in config.EosTokenIds)
        {
            json.WriteNumberValue(id);
        }

        json.WriteEndArray();
        if (config.PadTokenId is { } pad)
        {
            json.WriteNumber("pad_token_id", pad);
        }
    }

    private static void WriteDecoder(Utf8JsonWriter json, ModelConfig config, ModelManifest manifest)
    {
        json.WriteStartObject("decoder");
        json.WriteString("filename", manifest.Model);
        json.WriteNumber("head_size", config.HeadDim);
        json.WriteNumber("hidden_size", config.HiddenSize);
        json.WriteNumber("num_attention_heads", config.HeadCount);
        json.WriteNumber("num_hidden_layers", config.LayerCount);
        json.WriteNumber("num_key_value_heads", config.KvHeadCount);
        json.WriteStartObject("inputs");
        json.WriteString("input_ids", manifest.Signature.InputIds);
        json.WriteString("total_sequence_length", manifest.Signature.TotalSequenceLength);
        json.WriteString("past_key_names", Printf(manifest.Signature.PastKey));
        json.WriteString("past_value_names", Printf(manifest.Signature.PastValue));
        json.WriteEndObject();
        json.WriteStartObject("outputs");
        json.WriteString("logits", manifest.Signature.Logits);
        json.WriteString("present_key_names", Printf(manifest.Signature.PresentKey));
        json.WriteString("present_value_names", Printf(manifest.Signature.PresentValue));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSearch(Utf8JsonWriter json, ModelManifest manifest)
    {
        json.WriteStartObject("search");
        json.WriteNumber("max_length", manifest.MaxPositions);
        json.WriteBoolean("past_present_share_buffer", true);
        json.WriteEndObject();
    }

    private static string Printf(string name) => name.Replace("{0}", "%d", StringComparison.Ordinal);
}
