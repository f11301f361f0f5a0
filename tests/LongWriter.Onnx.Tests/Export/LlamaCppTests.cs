using System.Security.Cryptography;
using System.Text.Json.Nodes;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Tokenization;

namespace LongWriter.Onnx.Tests.Export;

/// <summary>The float32 export against llama.cpp: other kernels, another file format, another layout of rotary positions, the same weights.</summary>
public sealed class LlamaCppTests
{
    private const double Tolerance = 1e-3;

    [Fact]
    public void Export_Float32EmbeddedModel_GivesTheProbabilitiesOfLlamaCpp()
    {
        JsonNode golden = Golden();
        using var folder = new TemporaryFolder();
        ModelExporter.Export(
            EmbeddedModel.Folder!, folder.At("exported"), new ExportOptions { Weights = WeightPrecision.Float32, Kv = KvPrecision.Float32 },
            cancellationToken: TestContext.Current.CancellationToken);
        int[] tokens = [.. golden["tokens"]!.AsArray().Select(token => (int)token!)];

        using var decoder = new ExportedDecoder(folder.At("exported"), rows: 1, capacity: tokens.Length);
        float[][] logits = decoder.Append(0, 0, tokens);

        JsonArray top = golden["top"]!.AsArray();
        Assert.Equal(tokens.Length, top.Count);
        double largest = 0;
        for (int position = 0; position < tokens.Length; position++)
        {
            double[] probabilities = Softmax(logits[position]);
            (int Id, double Probability)[] expected = [.. top[position]!.AsArray().Select(pair => ((int)pair![0]!, (double)pair[1]!))];
            largest = Math.Max(largest, expected.Max(pair => Math.Abs(pair.Probability - probabilities[pair.Id])));

            // The five are the likeliest here too: nothing else is above the fifth by more than the tolerance.
            double others = probabilities.Where((_, id) => expected.All(pair => pair.Id != id)).Max();
            Assert.True(others < expected[^1].Probability + Tolerance, $"Position {position}: another token has {others}, the fifth {expected[^1].Probability}.");
        }

        TestContext.Current.SendDiagnosticMessage("largest difference of probabilities to llama.cpp: {0:E2}", largest);
        Assert.True(largest < Tolerance, $"The probabilities differ by up to {largest}.");
    }

    [Fact]
    public void Encode_PromptOfTheGoldenFile_GivesItsTokens()
    {
        JsonNode golden = Golden();
        Tokenizer tokenizer = Tokenizer.Load(Path.Combine(EmbeddedModel.Folder!, "tokenizer.json"));
        int[] tokens = [.. golden["tokens"]!.AsArray().Select(token => (int)token!)];

        Assert.Equal(tokens, tokenizer.Encode((string)golden["text"]!).Take(tokens.Length));
    }

    private static JsonNode Golden()
    {
        Assert.SkipWhen(EmbeddedModel.Folder is null, "No seed model on this machine.");
        JsonNode golden = GoldenFiles.Read("llama-cpp", "top-tokens.json");
        string hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(EmbeddedModel.Folder!, "model.safetensors"))));
        Assert.SkipUnless(hash == (string?)golden["model_sha256"], "The golden probabilities are of other weights.");
        return golden;
    }

    private static double[] Softmax(float[] logits)
    {
        double largest = logits.Max();
        double[] weights = [.. logits.Select(logit => Math.Exp(logit - largest))];
        double sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }
}
