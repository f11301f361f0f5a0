using System.Globalization;
using System.Text.Json;

namespace LongWriter.Onnx.Model;

/// <summary>Typed fields of a JSON object; problems are collected, and a bad field reads as a harmless value until <see cref="ThrowIfAny"/>.</summary>
internal sealed class JsonFields(string fileName, JsonElement root, string path = "", List<string>? problems = null)
{
    /// <summary>No sane model has a dimension above this, and products of two stay inside 64 bits.</summary>
    public const int LargestCount = 1 << 28;

    private readonly List<string> problems = problems ?? [];

    public bool HasProblems => problems.Count > 0;

    public bool Has(string name) => Find(name) is not null;

    /// <summary>The object under <paramref name="name"/>, sharing the problems; null when it is absent or null.</summary>
    public JsonFields? Object(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            return new JsonFields(fileName, value, $"{path}{name}.", problems);
        }

        Add(name, "an object or null", value.GetRawText());
        return null;
    }

    /// <summary>A number from 1 up.</summary>
    public int Count(string name, int? absent = null)
    {
        if (Find(name) is not { } value)
        {
            return absent ?? Missing(name, "a number of 1 or more", 1);
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int count) && count is >= 1 and <= LargestCount)
        {
            return count;
        }

        Add(name, $"a whole number in [1, {LargestCount}]", value.GetRawText());
        return 1;
    }

    /// <summary>A positive finite number.</summary>
    public double Number(string name, double? absent = null)
    {
        if (Find(name) is not { } value)
        {
            return absent ?? Missing(name, "a positive number", 1.0);
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number > 0 && double.IsFinite(number))
        {
            return number;
        }

        Add(name, "a positive number", value.GetRawText());
        return 1;
    }

    public bool Flag(string name, bool absent)
    {
        switch (Find(name)?.ValueKind)
        {
            case null: return absent;
            case JsonValueKind.True: return true;
            case JsonValueKind.False: return false;
            default:
                Add(name, "true or false", Find(name)!.Value.GetRawText());
                return absent;
        }
    }

    public string Text(string name, string? absent)
    {
        if (Find(name) is not { } value)
        {
            return absent ?? Missing(name, "a text", string.Empty);
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString()!;
        }

        Add(name, "a text", value.GetRawText());
        return absent ?? string.Empty;
    }

    /// <summary>One id, a list of ids, or nothing.</summary>
    public IReadOnlyList<int> TokenIds(string name)
    {
        if (Find(name) is not { } value)
        {
            return [];
        }

        JsonElement[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        List<int> ids = [];
        foreach (JsonElement item in items)
        {
            if (item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int id))
            {
                ids.Add(id);
            }
            else
            {
                Add(name, "a token id, a list of them, or null", value.GetRawText());
                return [];
            }
        }

        return ids;
    }

    public void Add(string name, string expected, string found) => problems.Add($"{path}{name}: expected {expected}, found {found}.");

    /// <exception cref="ModelFormatException">There was a problem; the message has them all.</exception>
    public void ThrowIfAny()
    {
        if (problems.Count > 0)
        {
            throw new ModelFormatException(string.Create(CultureInfo.InvariantCulture, $"{fileName}: {string.Join(" ", problems)}"));
        }
    }

    private JsonElement? Find(string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private T Missing<T>(string name, string expected, T stand)
    {
        Add(name, expected, "nothing");
        return stand;
    }
}
