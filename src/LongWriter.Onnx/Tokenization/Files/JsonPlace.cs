using System.Text.Json;

namespace LongWriter.Onnx.Tokenization.Files;

/// <summary>A JSON value that knows where it stands, so that every complaint can name file, place, expected and found.</summary>
internal readonly record struct JsonPlace(string File, string Place, JsonElement Element)
{
    public TokenizerFormatException Error(string expected) => Error(expected, Describe(Element));

    public TokenizerFormatException Error(string expected, string found)
        => new($"{File}: {(Place.Length == 0 ? "the file" : Place)}: expected {expected}, found {found}.", Place);

    public bool IsNull => Element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    /// <summary>The property's value; a value of kind Undefined when the object has none.</summary>
    public JsonPlace this[string name]
    {
        get
        {
            Expect(JsonValueKind.Object, "an object");
            Element.TryGetProperty(name, out JsonElement value);
            return new JsonPlace(File, Place.Length == 0 ? name : $"{Place}.{name}", value);
        }
    }

    public IEnumerable<JsonPlace> Items()
    {
        Expect(JsonValueKind.Array, "an array");
        return Enumerate(this);

        static IEnumerable<JsonPlace> Enumerate(JsonPlace array)
        {
            int index = 0;
            foreach (JsonElement item in array.Element.EnumerateArray())
            {
                yield return new JsonPlace(array.File, $"{array.Place}[{index++}]", item);
            }
        }
    }

    public string Text(string expected = "a string")
    {
        Expect(JsonValueKind.String, expected);
        try
        {
            return Element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // The JSON reader meets half a surrogate pair or invalid UTF-8 only when the string is asked for.
            throw Error(expected, "a string that is not valid Unicode");
        }
    }

    public bool Flag(bool whenAbsent) => Element.ValueKind switch
    {
        JsonValueKind.Undefined => whenAbsent,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Error("true or false"),
    };

    /// <summary>A value that has to be there.</summary>
    public bool Flag() => Element.ValueKind == JsonValueKind.Undefined ? throw Error("true or false") : Flag(whenAbsent: false);

    public int TokenId()
        => Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out int id) && id is >= 0 and <= TokenizerDefinition.MaxTokenId
            ? id
            : throw Error($"a token id in [0, {TokenizerDefinition.MaxTokenId}]");

    public void Expect(JsonValueKind kind, string expected)
    {
        if (Element.ValueKind != kind)
        {
            throw Error(expected);
        }
    }

    public static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Undefined => "nothing",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => $"an array of {element.GetArrayLength()}",
        JsonValueKind.String => Shorten(element.GetRawText().Trim('"'), "'"),
        _ => Shorten(element.GetRawText(), ""),
    };

    private static string Shorten(string text, string quote)
        => text.Length <= 40 ? $"{quote}{text}{quote}" : $"{quote}{text[..40]}…{quote}";
}
