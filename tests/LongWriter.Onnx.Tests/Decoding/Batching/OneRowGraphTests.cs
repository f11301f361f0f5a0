using LongWriter.Onnx.Decoding;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Decoding.Batching;

/// <summary>Graphs that take one sequence at a time serve many requests in turns.</summary>
[Collection(nameof(GenAiModel))]
public sealed class OneRowGraphTests(GenAiModel model)
{
    [Theory]
    [InlineData("genai")]
    [InlineData("plain")]
    [InlineData("merged")]
    public async Task DecodeAsync_ManyAtOnce_EqualOneByOne(string form)
    {
        using var folder = new TemporaryFolder();
        string path = form == "genai" ? model.FolderOf("random", form) : folder.At("random");
        if (form != "genai")
        {
            OptimumModel.Write(model, "random", form, path);
        }

        int[][] prompts = [.. Enumerable.Range(0, 7).Select(i => Prompt(4 + 9 * i, i, 96))];
        List<int[]> expected = [];
        using (DecodingEngine serial = GenAiModel.Load(path))
        {
            foreach (int[] prompt in prompts)
            {
                expected.Add((await serial.Decode(prompt, 30)).Tokens);
            }
        }

        using DecodingEngine engine = GenAiModel.Load(path, chunkTokens: 16);
        (int[] Tokens, DecodingResult Result)[] results = await Task.WhenAll(prompts.Select(prompt => engine.Decode(prompt, 30)));

        Assert.Equal(expected, results.Select(result => result.Tokens));
    }
}
