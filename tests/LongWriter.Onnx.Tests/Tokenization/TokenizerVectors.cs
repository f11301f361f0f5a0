using System.Text.Json;
using LongWriter.Onnx.Tokenization;

namespace LongWriter.Onnx.Tests.Tokenization;

/// <summary>The reference's vectors and the tokenizers they belong to, found from the test's folder upwards.</summary>
internal static class TokenizerVectors
{
    public static string Repository { get; } = FindRepository();

    public static string Folder { get; } = Path.Combine(Repository, "tests", "golden", "tokenizer");

    private static readonly Lazy<JsonDocument> Document = new(() => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "vectors.json"))));

    public static IEnumerable<string> Names => Document.Value.RootElement.GetProperty("tokenizers").EnumerateObject().Select(entry => entry.Name);

    public static IReadOnlyList<string> Texts { get; } = [.. Document.Value.RootElement.GetProperty("texts").EnumerateArray().Select(TextOf)];

    public static JsonElement VectorsOf(string name) => Document.Value.RootElement.GetProperty("tokenizers").GetProperty(name);

    public static string PathOf(string name) => name == "longwriter-tiny"
        ? Path.Combine(Repository, "models", "longwriter-tiny", "tokenizer.json")
        : Path.Combine(Folder, "tokenizers", name + ".json");

    public static Tokenizer Load(string name) => Tokenizer.Load(PathOf(name));

    public static int[] Ids(JsonElement array) => [.. array.EnumerateArray().Select(id => id.GetInt32())];

    /// <summary>Lone surrogates cannot stand in a JSON string, so such texts are written as UTF-16 units.</summary>
    private static string TextOf(JsonElement text) => text.ValueKind == JsonValueKind.String
        ? text.GetString()!
        : new string([.. text.GetProperty("units").EnumerateArray().Select(unit => (char)unit.GetInt32())]);

    private static string FindRepository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LongWriter.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("No LongWriter.sln above the test's folder.");
    }
}
