namespace LongWriter.Onnx.Export;

/// <summary>Files of a model that are not weights: they are copied as they are, those that exist.</summary>
internal static class CompanionFiles
{
    private static readonly string[] Names =
    [
        "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
        "tokenizer.model", "vocab.json", "merges.txt", "chat_template.jinja", "chat_template.json", "LICENSE", "LICENSE.txt", "NOTICE",
    ];

    public static void Copy(string from, string to)
    {
        foreach (string name in Names)
        {
            string source = Path.Combine(from, name);
            if (File.Exists(source))
            {
                // Content alone: a read-only source would otherwise make a folder that cannot be replaced.
                File.WriteAllBytes(Path.Combine(to, name), File.ReadAllBytes(source));
            }
        }
    }
}
