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

    [Fact]
    public async Task DecodeAsync_WithALimitToMemory_EqualsWithout()
    {
        int[][] prompts = [.. Enumerable.Range(0, 6).Select(i => Prompt(4 + 9 * i, i, 96))];
        string path = model.FolderOf("random", "genai");
        using DecodingEngine free = GenAiModel.Load(path);
        using DecodingEngine engine = DecodingEngine.Load(
            new EngineOptions { ModelFolder = path, Threads = 1, KvMemoryBudgetBytes = free.KvBytes / 5 + (16 * Environment.SystemPageSize) }, NullLogger.Instance);

        (int[] Tokens, DecodingResult Result)[] results = await Task.WhenAll(prompts.Select(prompt => engine.Decode(prompt, 30)));

        for (int i = 0; i < prompts.Length; i++)
        {
            Assert.Equal((await free.Decode(prompts[i], 30)).Tokens, results[i].Tokens);
        }
    }

    [Fact]
    public void Load_LimitToMemoryWhereKeysAndValuesGrow_IsRefused()
    {
        using var folder = new TemporaryFolder();
        OptimumModel.Write(model, "random", "plain", folder.At("random"));
        var options = new EngineOptions { ModelFolder = folder.At("random"), KvMemoryBudgetBytes = 1L << 40 };

        Assert.Equal(
            "KvMemoryBudgetBytes is not supported for graphs whose keys and values grow.",
            Assert.Throws<ArgumentException>(() => DecodingEngine.Load(options, NullLogger.Instance)).Message);
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
