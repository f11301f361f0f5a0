using System.Text.Json;

namespace LongWriter.Onnx.Tokenization.Files;

/// <summary>Ids that stand before and after a single text when special tokens are asked for.</summary>
internal sealed record PostProcessing(IReadOnlyList<int> Prefix, IReadOnlyList<int> Suffix);

/// <summary>Reads "post_processor" as far as it concerns one text: which ids come before it and after it.</summary>
internal static class PostProcessorReader
{
    public static PostProcessing Read(JsonPlace processor, Dictionary<string, int> vocabulary, List<AddedToken> addedTokens)
    {
        var prefix = new List<int>();
        var suffix = new List<int>();
        Read(processor, 0);
        return new PostProcessing(prefix, suffix);

        void Read(JsonPlace processor, int depth)
        {
            if (processor.IsNull)
            {
                return;
            }

            switch (processor["type"].Text("a post-processor's type"))
            {
                case "ByteLevel":
                    return; // Moves offsets, which are not reported here.
                case "TemplateProcessing":
                    ReadTemplate(processor);
                    return;
                case "Sequence" when depth < PreTokenizerReader.MaxDepth:
                    foreach (JsonPlace item in processor["processors"].Items())
                    {
                        Read(item, depth + 1);
                    }

                    return;
                default:
                    throw processor["type"].Error("ByteLevel, TemplateProcessing or Sequence");
            }
        }

        void ReadTemplate(JsonPlace template)
        {
            var before = new List<int>();
            var after = new List<int>();
            bool sawText = false;
            foreach (JsonPlace part in template["single"].Items())
            {
                part.Expect(JsonValueKind.Object, "an object");
                if (part["Sequence"] is { IsNull: false } sequence)
                {
                    sawText = !sawText && sequence["id"].Text() == "A" ? true : throw sequence.Error("sequence A, once");
                    continue;
                }

                JsonPlace name = part["SpecialToken"]["id"];
                (sawText ? after : before).AddRange(IdsOf(template["special_tokens"], name));
            }

            if (!sawText)
            {
                throw template["single"].Error("sequence A, once");
            }

            prefix.InsertRange(0, before);
            suffix.AddRange(after);
        }

        List<int> IdsOf(JsonPlace specialTokens, JsonPlace name)
        {
            string token = name.Text();
            var ids = new List<int>();
            foreach (JsonPlace id in specialTokens[token]["ids"].Items())
            {
                int value = id.TokenId();
                bool known = vocabulary.ContainsValue(value) || addedTokens.Exists(t => t.Id == value);
                ids.Add(known ? value : throw id.Error("the id of a token"));
            }

            return ids;
        }
    }
}
