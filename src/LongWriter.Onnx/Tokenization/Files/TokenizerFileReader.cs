using System.Text.Json;
using LongWriter.Onnx.Tokenization.Normalization;

namespace LongWriter.Onnx.Tokenization.Files;

/// <summary>Reads a Hugging Face tokenizer.json. "truncation" and "padding" are the business of whoever batches, and are not read.</summary>
internal static class TokenizerFileReader
{
    public static TokenizerDefinition Read(ReadOnlyMemory<byte> utf8Json, string name)
    {
        ReadOnlyMemory<byte> json = utf8Json.Span.StartsWith("\uFEFF"u8) ? utf8Json[3..] : utf8Json;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Read(new JsonPlace(name, "", document.RootElement));
        }
        catch (JsonException problem)
        {
            string place = $"line {problem.LineNumber + 1}, byte {problem.BytePositionInLine + 1}";
            throw new TokenizerFormatException($"{name}: {place}: expected JSON, found: {FirstSentence(problem.Message)}", "", problem);
        }
    }

    private static TokenizerDefinition Read(JsonPlace root)
    {
        ModelDefinition model = ModelReader.Read(root["model"]);
        bool composesToNfc = ReadNormalizer(root["normalizer"], 0);
        PreTokenization steps = PreTokenizerReader.Read(root["pre_tokenizer"]);
        ReadDecoder(root["decoder"], 0);
        List<AddedToken> addedTokens = AddedTokenReader.Read(root["added_tokens"], model.Vocabulary);
        PostProcessing around = PostProcessorReader.Read(root["post_processor"], model.Vocabulary, addedTokens);
        return new TokenizerDefinition(
            model,
            composesToNfc ? addedTokens.ConvertAll(Compose) : addedTokens,
            composesToNfc,
            steps.Splitters,
            steps.SplittersOfByteLevel,
            steps.AddsPrefixSpace,
            around.Prefix,
            around.Suffix);
    }

    /// <summary>A token marked as normalized is looked for in normalized text, so it has to be normalized itself.</summary>
    private static AddedToken Compose(AddedToken token)
        => token.IsNormalized ? token with { Content = NfcComposer.Compose(token.Content) } : token;

    /// <summary>True when the text is composed to NFC before anything else.</summary>
    private static bool ReadNormalizer(JsonPlace normalizer, int depth)
    {
        if (normalizer.IsNull)
        {
            return false;
        }

        switch (normalizer["type"].Text("a normalizer's type"))
        {
            case "NFC":
                return true;
            case "Sequence" when depth < PreTokenizerReader.MaxDepth:
                bool composes = false;
                foreach (JsonPlace item in normalizer["normalizers"].Items())
                {
                    composes |= ReadNormalizer(item, depth + 1);
                }

                return composes;
            default:
                throw normalizer["type"].Error("NFC or Sequence (normalizers of SentencePiece models are not supported)");
        }
    }

    private static void ReadDecoder(JsonPlace decoder, int depth)
    {
        const string Expected = "ByteLevel or a Sequence of it (decoders of SentencePiece models are not supported)";
        if (decoder.IsNull)
        {
            throw decoder.Error(Expected);
        }

        switch (decoder["type"].Text("a decoder's type"))
        {
            case "ByteLevel":
                return;
            case "Sequence" when depth < PreTokenizerReader.MaxDepth:
                List<JsonPlace> items = [.. decoder["decoders"].Items()];
                if (items.Count != 1)
                {
                    throw decoder["decoders"].Error("one decoder");
                }

                ReadDecoder(items[0], depth + 1);
                return;
            default:
                throw decoder["type"].Error(Expected);
        }
    }

    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? message : message[..(end + 1)];
    }
}
