using System.Text.Json;

namespace LongWriter.Onnx.Model;

/// <summary>Reads a JSON object of untrusted bytes, so that whatever is wrong with them becomes one kind of exception.</summary>
internal static class ModelJson
{
    /// <param name="place">Begins the messages, for example "config.json".</param>
    /// <param name="json">The bytes.</param>
    /// <param name="read">Reads the object.</param>
    /// <exception cref="ModelFormatException">No JSON, no object, or text that is not Unicode.</exception>
    public static T Read<T>(string place, ReadOnlyMemory<byte> json, Func<JsonElement, T> read)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? read(document.RootElement)
                : throw new ModelFormatException($"{place}: expected an object, found {document.RootElement.ValueKind}.");
        }
        catch (JsonException e)
        {
            throw new ModelFormatException($"{place}: expected JSON, found an error at line {e.LineNumber + 1}: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            // Broken UTF-8 and lone surrogates come to light when a text is taken out, not while parsing.
            throw new ModelFormatException($"{place}: expected Unicode text, found bytes or escapes that are none: {e.Message}", e);
        }
    }
}
