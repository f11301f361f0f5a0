using System.Text.Json.Nodes;

namespace LongWriter.Onnx.Tests.Hostile;

/// <summary>Replaces, removes or doubles one value of a JSON text that stays JSON, now and then something that does not.</summary>
internal sealed class JsonMutator(Random random)
{
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1", "2", "3", "7", "65", "96", "1000000", "16777217", "268435455", "2147483647", "2147483648", "4294967296", "9223372036854775807",
        "18446744073709551616", "1e308", "1e999", "0.5", "-0.0", "\"\"", "\"x\"", "\"../x.safetensors\"", "\"/dev/zero\"", "\"\\ud800\"", "[]", "{}", "[0,0]", "[[[]]]",
        "[4611686018427387904,4]", "[-1,64]",
    ];

    public (string Change, string Json) Change(string json)
    {
        if (random.Next(12) == 0)
        {
            int depth = 100 + random.Next(3) * 50_000;
            return ($"nested {depth} deep", new string('[', depth) + new string(']', depth));
        }

        JsonNode root = JsonNode.Parse(json)!;
        List<JsonNode> places = [];
        Collect(root, places);
        JsonNode place = places[random.Next(places.Count)];
        string value = Values[random.Next(Values.Length)];
        string path = place.GetPath();

        // A mark is put in and replaced in the text, as the value need not be one that a JsonNode can hold.
        const string Mark = "@@mark@@";
        place.ReplaceWith(JsonValue.Create(Mark));
        return ($"{path[..Math.Min(path.Length, 60)]} = {value}", root.ToJsonString().Replace($"\"{Mark}\"", value, StringComparison.Ordinal));
    }

    /// <summary>Everything below the root; of long lists and objects the first 40, so that a vocabulary does not drown the rest.</summary>
    private static void Collect(JsonNode node, List<JsonNode> places)
    {
        IEnumerable<JsonNode?> children = node switch
        {
            JsonObject item => item.Select(property => property.Value),
            JsonArray item => item,
            _ => [],
        };
        foreach (JsonNode child in children.OfType<JsonNode>().Take(40))
        {
            places.Add(child);
            Collect(child, places);
        }
    }
}
