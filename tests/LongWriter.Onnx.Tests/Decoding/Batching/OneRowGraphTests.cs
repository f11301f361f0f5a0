using LongWriter.Onnx.Decoding;
using Microsoft.Extensions.Logging.Abstractions;
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

    /// <summary>In float32 only nearly the same sums, which choose the same tokens here.</summary>
    [Theory]
    [InlineData("genai")]
    [InlineData("plain")]
    public async Task DecodeAsync_WindowsThatSlide_EqualFreshPromptsOfSinksAndTail(string form)
    {
        using var folder = new TemporaryFolder();
        string path = form == "genai" ? model.FolderOf("random", form) : folder.At("random");
        if (form != "genai")
        {
            OptimumModel.Write(model, "random", form, path);
        }

        int[][] prompts = [.. Enumerable.Range(0, 3).Select(i => Prompt(4 + 9 * i, i, 96))];
        using DecodingEngine engine = DecodingEngine.Load(
            new EngineOptions { ModelFolder = path, MaxContextTokens = 64, SlidingWindow = new SlidingWindow(SinkTokens: 4, KeptTokens: 30), Threads = 1 }, NullLogger.Instance);

        (int[] Tokens, DecodingResult Result)[] results = await Task.WhenAll(prompts.Select(prompt => engine.Decode(prompt, 120)));

        using DecodingEngine plain = GenAiModel.Load(path);
        for (int i = 0; i < prompts.Length; i++)
        {
            int[] text = [.. prompts[i], .. results[i].Tokens];
            int dropped = 0;
            for (int at = prompts[i].Length; at < text.Length;)
            {
                dropped += at - dropped == 64 ? 30 : 0;
                int[] visible = dropped == 0 ? text[..at] : [.. text[..4], .. text[(4 + dropped)..at]];
                (int[] tokens, _) = await plain.Decode(visible, Math.Min(64 - visible.Length, text.Length - at));
                Assert.Equal(text[at..(at + tokens.Length)], tokens);
                at += tokens.Length;
            }

            Assert.Equal(dropped, results[i].Result.DroppedTokens);
        }
    }
}
