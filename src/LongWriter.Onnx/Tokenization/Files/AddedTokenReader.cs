namespace LongWriter.Onnx.Tokenization.Files;

/// <summary>Reads "added_tokens".</summary>
internal static class AddedTokenReader
{
    public static List<AddedToken> Read(JsonPlace addedTokens, Dictionary<string, int> vocabulary)
    {
        var tokens = new List<AddedToken>();
        if (addedTokens.IsNull)
        {
            return tokens;
        }

        var holders = new Dictionary<int, string>(vocabulary.Count);
        foreach ((string token, int id) in vocabulary)
        {
            holders[id] = token;
        }

        var contents = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonPlace item in addedTokens.Items())
        {
            string content = item["content"].Text();
            int id = item["id"].TokenId();
            if (content.Length == 0)
            {
                // The reference drops these, and some published files carry one.
                continue;
            }

            if (!contents.Add(content))
            {
                throw item["content"].Error("each token once");
            }

            if (vocabulary.TryGetValue(content, out int known) && known != id)
            {
                throw item["id"].Error($"{known}, its id in model.vocab");
            }

            if (holders.TryGetValue(id, out string? holder) && holder != content)
            {
                throw item["id"].Error("an id of its own", $"{id}, which '{holder}' has");
            }

            holders[id] = content;
            tokens.Add(new AddedToken(
                content,
                id,
                item["special"].Flag(false),
                item["single_word"].Flag(false),
                item["lstrip"].Flag(false),
                item["rstrip"].Flag(false),
                item["normalized"].Flag(true)));
        }

        return tokens;
    }
}
