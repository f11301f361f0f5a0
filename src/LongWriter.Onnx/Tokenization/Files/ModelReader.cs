using System.Text.Json;

namespace LongWriter.Onnx.Tokenization.Files;

/// <summary>Reads "model": a BPE with its vocabulary and merges.</summary>
internal static class ModelReader
{
    public static ModelDefinition Read(JsonPlace model)
    {
        model.Expect(JsonValueKind.Object, "an object");
        if (model["type"] is { IsNull: false } type && type.Text() != "BPE")
        {
            throw type.Error("BPE (Unigram, WordPiece and WordLevel are not supported)");
        }

        RefuseDropoutAndAffixes(model);
        Dictionary<string, int> vocabulary = ReadVocabulary(model["vocab"]);
        JsonPlace unknown = model["unk_token"];
        int? unknownId = null;
        if (!unknown.IsNull)
        {
            unknownId = vocabulary.TryGetValue(unknown.Text(), out int id) ? id : throw unknown.Error("a token of model.vocab");
        }

        return new ModelDefinition(
            vocabulary,
            ReadMerges(model["merges"], vocabulary),
            unknownId,
            model["fuse_unk"].Flag(false),
            model["byte_fallback"].Flag(false),
            model["ignore_merges"].Flag(false));
    }

    private static void RefuseDropoutAndAffixes(JsonPlace model)
    {
        if (model["dropout"] is { IsNull: false } dropout
            && !(dropout.Element.ValueKind == JsonValueKind.Number && dropout.Element.TryGetDouble(out double rate) && rate == 0))
        {
            throw dropout.Error("null or 0 (dropout makes ids random)");
        }

        foreach (string name in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (model[name] is { IsNull: false } affix && affix.Text().Length > 0)
            {
                throw affix.Error("null or an empty string");
            }
        }
    }

    private static Dictionary<string, int> ReadVocabulary(JsonPlace vocab)
    {
        vocab.Expect(JsonValueKind.Object, "an object of tokens and ids");
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        var holders = new Dictionary<int, string>();
        foreach (JsonProperty entry in vocab.Element.EnumerateObject())
        {
            string token = NameOf(entry, vocab);
            var value = new JsonPlace(vocab.File, vocab.Place, entry.Value);
            if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out int id) || id is < 0 or > TokenizerDefinition.MaxTokenId)
            {
                id = (value with { Place = $"{vocab.Place}['{token}']" }).TokenId();
            }

            if (!holders.TryAdd(id, token))
            {
                throw (value with { Place = $"{vocab.Place}['{token}']" }).Error("an id of its own", $"{id}, which '{holders[id]}' has");
            }

            vocabulary.Add(token, id);
        }

        return vocabulary;
    }

    private static string NameOf(JsonProperty entry, JsonPlace vocab)
    {
        try
        {
            return entry.Name;
        }
        catch (InvalidOperationException)
        {
            throw vocab.Error("tokens in valid Unicode", "half of a surrogate pair or invalid UTF-8");
        }
    }

    private static List<Merge> ReadMerges(JsonPlace merges, Dictionary<string, int> vocabulary)
    {
        merges.Expect(JsonValueKind.Array, "an array");
        var list = new List<Merge>(merges.Element.GetArrayLength());
        foreach (JsonElement item in merges.Element.EnumerateArray())
        {
            // The short place of the error message is also how the format's users speak of a merge.
            var place = new LazyPlace(merges, list.Count, item);
            (string left, string right) = item.ValueKind == JsonValueKind.Array ? FromPair(place) : FromText(place);
            list.Add(new Merge(
                IdOf(left, place, vocabulary), IdOf(right, place, vocabulary), IdOf(left + right, place, vocabulary)));
        }

        return list;
    }

    private static (string Left, string Right) FromPair(LazyPlace place)
    {
        if (place.Item.GetArrayLength() != 2)
        {
            throw place.Full.Error("two symbols");
        }

        List<JsonPlace> symbols = [.. place.Full.Items()];
        return (symbols[0].Text("a symbol"), symbols[1].Text("a symbol"));
    }

    private static (string Left, string Right) FromText(LazyPlace place)
    {
        string text = place.Text();
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        if (space <= 0 || space == text.Length - 1 || text.AsSpan(space + 1).Contains(' '))
        {
            throw place.Full.Error("two symbols");
        }

        return (text[..space], text[(space + 1)..]);
    }

    private static int IdOf(string symbol, LazyPlace place, Dictionary<string, int> vocabulary)
        => vocabulary.TryGetValue(symbol, out int id) ? id : throw place.Full.Error("symbols of model.vocab", $"'{symbol}'");

    /// <summary>A place that costs a string only when something is wrong there: files have hundreds of thousands of merges.</summary>
    private readonly record struct LazyPlace(JsonPlace Merges, int Index, JsonElement Item)
    {
        public JsonPlace Full => new(Merges.File, $"merges[{Index}]", Item);

        public string Text()
        {
            try
            {
                return Item.ValueKind == JsonValueKind.String ? Item.GetString()! : throw Full.Error("two symbols");
            }
            catch (InvalidOperationException)
            {
                throw Full.Error("two symbols", "a string that is not valid Unicode");
            }
        }
    }
}
