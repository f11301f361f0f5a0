using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LongWriter.OpenAI;

/// <summary>
/// Fields that the OpenAI package does not know, as servers such as vLLM take them: an entry of <see cref="ChatOptions.AdditionalProperties"/>
/// is a field of the request's body.
/// </summary>
internal static class ExtraField
{
    private static readonly HashSet<string> OwnFields = ["model", "messages", "stream", "stream_options", "n"];

    public static IEnumerable<string> Unsupported(AdditionalPropertiesDictionary? properties)
    {
        foreach ((string name, object? value) in properties ?? [])
        {
            if (!IsFieldName(name) || OwnFields.Contains(name))
            {
                yield return $"AdditionalProperties['{name}'] is not supported by {nameof(OpenAIChatClient)}: "
                    + "a field name of letters, digits and underscores that the client does not write itself.";
            }
            else if (value is not null && ToJson(value) is null)
            {
                yield return $"AdditionalProperties['{name}'] of type {value.GetType()} is not supported by {nameof(OpenAIChatClient)}: "
                    + "a string, a bool, a finite number, a JsonElement or a JsonNode.";
            }
        }
    }

    /// <summary>The JSON of a value, or null when it is of no kind that this client sends.</summary>
    public static BinaryData? ToJson(object value)
    {
        string? json = value switch
        {
            string text => $"\"{JsonEncodedText.Encode(text)}\"",
            bool flag => flag ? "true" : "false",
            int or long or decimal => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
            float number when float.IsFinite(number) => number.ToString("R", CultureInfo.InvariantCulture),
            double number when double.IsFinite(number) => number.ToString("R", CultureInfo.InvariantCulture),
            JsonElement { ValueKind: not JsonValueKind.Undefined } element => element.GetRawText(),
            JsonNode node => node.ToJsonString(),
            _ => null,
        };
        return json is null ? null : BinaryData.FromString(json);
    }

    // The name becomes part of a JSON path, so nothing that a path would read as more than a name may pass.
    private static bool IsFieldName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_');
}
