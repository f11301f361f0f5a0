using System.Buffers;
using System.Text.Json;
using LongWriter.Onnx.Model;

namespace LongWriter.Onnx.Export;

/// <summary>
/// genai_config.json, which onnxruntime-genai's runtime reads: sizes, names, token ids, search defaults. Written for <see cref="Signature.GenAi"/> only,
/// as that runtime does not feed the inputs of the other signature. Source of the fields: src/python/py/models/builder.py, microsoft/onnxruntime-genai.
/// </summary>
internal static class GenAiConfig
{
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
        // Models often name none; the builder then writes the first end of text.
        if ((config.PadTokenId ?? (config.EosTokenIds is [int first, ..] ? first : null)) is { } pad)
        {
            json.WriteNumber("pad_token_id", pad);
        }
    }

    private static void WriteDecoder(Utf8JsonWriter json, ModelConfig config, ModelManifest manifest)
    {
        json.WriteStartObject("decoder");
        json.WriteStartObject("session_options");
        json.WriteStartArray("provider_options");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteString("filename", manifest.Model);
        json.WriteNumber("head_size", config.HeadDim);
        json.WriteNumber("hidden_size", config.HiddenSize);
        json.WriteNumber("num_attention_heads", config.HeadCount);
        json.WriteNumber("num_hidden_layers", config.LayerCount);
        json.WriteNumber("num_key_value_heads", config.KvHeadCount);
        json.WriteStartObject("inputs");
        json.WriteString("input_ids", manifest.Signature.InputIds);
        json.WriteString("attention_mask", manifest.Signature.AttentionMask);
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
