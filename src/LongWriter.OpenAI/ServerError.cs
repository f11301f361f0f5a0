using System.Globalization;
using System.Text.Json;

namespace LongWriter.OpenAI;

/// <summary>What an error reply says, in any of the shapes that OpenAI-compatible servers use.</summary>
/// <param name="Message">The server's words; the whole body when it is not JSON.</param>
/// <param name="Code">A code such as "insufficient_quota", or null.</param>
internal sealed record ServerError(string Message, string? Code)
{
    /// <summary>The HTTP status that the code stands for, or null: vLLM puts it there when an error comes inside a stream.</summary>
    public int? Status => int.TryParse(Code, NumberStyles.None, CultureInfo.InvariantCulture, out int status) && status is >= 400 and <= 599 ? status : null;

    public static ServerError Read(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return new ServerError(body, null);
        }
    }

    /// <summary>Reads {"error":{"message","code"}}, {"error":"…"}, {"message","code"}, {"detail":…} or a plain string.</summary>
    public static ServerError Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return new ServerError(TextOf(body), null);
        }

        if (body.TryGetProperty("error", out JsonElement error))
        {
            return Read(error);
        }

        string? code = Find(body, "code") ?? Find(body, "type");
        return new ServerError(Find(body, "message") ?? Find(body, "detail") ?? body.GetRawText(), code);
    }

    private static string? Find(JsonElement body, string name) =>
        body.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? TextOf(value) : null;

    private static string TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: valid JSON, but no text.
            return value.GetRawText();
        }
    }
}
