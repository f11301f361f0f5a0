using System.Text.Json;
using LongWriter.Onnx.Tokenization.Joining;
using LongWriter.Onnx.Tokenization.Merging;
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
        TextNormalizer normalizer = NormalizerReader.Read(root["normalizer"]);
        PreTokenization steps = PreTokenizerReader.Read(root["pre_tokenizer"], normalizer.Prepends);
        if (steps.IsByteLevel && model.FallsBackToBytes && !ByteAlphabet.IsWholeIn(model.Vocabulary))
        {
            throw root["model"]["byte_fallback"].Error("false, or the symbols of all 256 bytes in model.vocab, as pre_tokenizer is ByteLevel");
        }

        JoiningPlan joining = DecoderReader.Read(root["decoder"]);
        List<AddedToken> addedTokens = AddedTokenReader.Read(root["added_tokens"], model.Vocabulary);
        PostProcessing around = PostProcessorReader.Read(root["post_processor"], model.Vocabulary, addedTokens);
        addedTokens = addedTokens.ConvertAll(token => token.IsNormalized ? token with { Text = normalizer.Apply(token.Content) } : token);
        return new TokenizerDefinition(model, addedTokens, normalizer, steps, joining, around.Prefix, around.Suffix);
    }

    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? message : message[..(end + 1)];
    }
}
