using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace LongWriter.Benchmarking;

/// <summary>Reads one line of a suite's file; says of each field that cannot be used what it is and what was expected.</summary>
internal sealed class SuiteLine(SuiteForm form, int line, List<string> problems)
{
    private const int MaxQuotedChars = 60;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private bool isUsable = true;

    /// <summary>The item; null when there is a problem, which is then in the list.</summary>
    /// <param name="json">The line.</param>
    /// <param name="place">Which item of the file it is, from 1; an id that the line leaves out is made of it.</param>
    public BenchmarkItem? Read(ReadOnlyMemory<byte> json, int place)
    {
        if (!Utf8.IsValid(json.Span))
        {
            Add("expected UTF-8 text, found other bytes.");
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return ReadItem(document.RootElement, place);
            }
        }
        catch (JsonException)
        {
            // Said below: what stands there tells more than the parser's words.
        }

        Add($"expected one JSON object without repeated fields, found {Quote(Encoding.UTF8.GetString(json.Span).TrimEnd('\r'))}.");
        return null;
    }

    private BenchmarkItem? ReadItem(JsonElement fields, int place)
    {
        string? prompt = Text(fields, "prompt", isRequired: true);
        string? type = TypeName(Text(fields, "type", isRequired: true));
        int length = Length(fields);
        string? id = Text(fields, "id", isRequired: false);
        string? language = Text(fields, "language", isRequired: false);
        if (language is not (null or SuiteLanguage.English or SuiteLanguage.Chinese))
        {
            Add($"language: expected \"en\" or \"zh\", found {Quote(language)}.");
        }

        return isUsable
            ? new BenchmarkItem
            {
                Id = id ?? FormattableString.Invariant($"{form.Name}-{place:000}"),
                Prompt = prompt!,
                Language = language ?? SuiteLanguage.Of(prompt!),
                Type = type!,
                RequiredWords = length,
            }
            : null;
    }

    private string? TypeName(string? label)
    {
        if (label is null || form.TypeNames is not { } names)
        {
            return label;
        }

        if (names.TryGetValue(label, out string? name))
        {
            return name;
        }

        Add($"type: expected {string.Join(", ", names.Keys)}, found {Quote(label)}.");
        return null;
    }

    private int Length(JsonElement fields)
    {
        if (fields.TryGetProperty("length", out JsonElement value)
            && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int length) && length is >= 1 and <= LengthTarget.MaxValue)
        {
            return length;
        }

        Add(FormattableString.Invariant($"length: expected a whole number from 1 to {LengthTarget.MaxValue}, found {Found(value)}."));
        return 0;
    }

    /// <summary>A text that is not blank. A field that may be missing may also be null.</summary>
    private string? Text(JsonElement fields, string name, bool isRequired)
    {
        bool isThere = fields.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;
        if (!isThere && !isRequired)
        {
            return null;
        }

        if (isThere && value.ValueKind == JsonValueKind.String && Decode(value) is { } text && !string.IsNullOrWhiteSpace(text))
        {
            return text;
        }

        Add($"{name}: expected a text that is not blank, found {Found(value)}.");
        return null;
    }

    /// <summary>Null where an escape stands for half of a surrogate pair.</summary>
    private static string? Decode(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private void Add(string problem)
    {
        isUsable = false;
        problems.Add(FormattableString.Invariant($"line {line}: {problem}"));
    }

    private static string Found(JsonElement value) => value.ValueKind == JsonValueKind.Undefined ? "nothing" : Clip(value.GetRawText());

    private static string Quote(string text) => $"\"{Clip(text)}\"";

    /// <summary>The beginning, on one line.</summary>
    private static string Clip(string text)
    {
        string head = text.Length <= MaxQuotedChars ? text : text[..MaxQuotedChars] + "…";
        return string.Create(head.Length, head, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? '?' : source[i];
            }
        });
    }
}
