using System.Text;
using System.Text.Json;

namespace LongWriter.Cli;

/// <summary>Reads texts to train on, one at a time.</summary>
internal static class TrainingTexts
{
    /// <summary>The texts of a file: the whole of a .txt file, "text" of every line of a .jsonl file; empty lines are passed over.</summary>
    /// <exception cref="IOException">The file cannot be read; the message begins with the option that named it.</exception>
    /// <exception cref="NotSupportedException">The file is of another kind, or a line is no such object; the message names it.</exception>
    public static IEnumerable<string> Read(string option, string path)
    {
        switch (Path.GetExtension(path).ToUpperInvariant())
        {
            case ".TXT":
                return [InputFile.Read(option, path)];
            case ".JSONL":
                if (!File.Exists(path))
                {
                    throw new IOException($"{option}: {path} does not exist.");
                }

                return ReadLines(option, path);
            default:
                throw new NotSupportedException($"{option}: {path} must end in .txt or .jsonl.");
        }
    }

    private static IEnumerable<string> ReadLines(string option, string path)
    {
        int number = 0;
        foreach (string line in File.ReadLines(path, Encoding.UTF8))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return TextOf(line, $"{option}: {path}: line {number}");
            }
        }
    }

    private static string TextOf(string line, string place)
    {
        const string Expected = "an object with a string \"text\"";
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new NotSupportedException($"{place}: expected {Expected}, found {NameOf(root.ValueKind)}.");
            }

            if (!root.TryGetProperty("text", out JsonElement text))
            {
                throw new NotSupportedException($"{place}: expected {Expected}, found no \"text\".");
            }

            return text.ValueKind == JsonValueKind.String
                ? text.GetString()!
                : throw new NotSupportedException($"{place}: expected {Expected}, found {NameOf(text.ValueKind)}.");
        }
        catch (JsonException)
        {
            throw new NotSupportedException($"{place}: expected {Expected}, found no JSON.");
        }
        catch (InvalidOperationException)
        {
            throw new NotSupportedException($"{place}: expected {Expected}, found half of a surrogate pair.");
        }
    }

    private static string NameOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
