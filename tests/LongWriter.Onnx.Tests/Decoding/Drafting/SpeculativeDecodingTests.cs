using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging.Abstractions;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Decoding.Drafting;

/// <summary>Whatever is drafted, and however wrong: in the reproducible profile the tokens are those of decoding one by one.</summary>
[Collection(nameof(ExportedEmbeddedModel))]
public sealed class SpeculativeDecodingTests(ExportedEmbeddedModel model)
{
    private const int NewTokens = 120;

    private static readonly SamplingOptions Sampled = new() { Temperature = 0.9f, TopP = 0.95f, RepetitionPenalty = 1.1f, Seed = 5 };

    public static TheoryData<bool> Samplings => [false, true];

    [Theory]
    [MemberData(nameof(Samplings))]
    public async Task DecodeAsync_RightDrafts_SameTokensInFewerSteps(bool isSampled)
    {
        int[] prompt = Prompt(50, 1);
        int[] expected = await Plain(prompt, isSampled);
        using DecodingEngine engine = Load(new ScriptedDrafter([.. prompt, .. expected], _ => 0));

        (int[] tokens, DecodingResult result) = await engine.Decode(prompt, NewTokens, Options(isSampled));

        Assert.Equal(expected, tokens);
        Assert.Equal(result.DraftedTokens, result.AcceptedTokens);
        Assert.InRange(result.AcceptedTokens, NewTokens * 7 / 8 - 7, NewTokens);
    }

    [Theory]
    [MemberData(nameof(Samplings))]
    public async Task DecodeAsync_DraftsThatAreOftenWrong_SameTokens(bool isSampled)
    {
        int[] prompt = Prompt(50, 2);
        int[] expected = await Plain(prompt, isSampled);
        using DecodingEngine engine = Load(new ScriptedDrafter([.. prompt, .. expected], position => position % 3 == 0 ? 1 : 0));

        (int[] tokens, DecodingResult result) = await engine.Decode(prompt, NewTokens, Options(isSampled));

        Assert.Equal(expected, tokens);
        Assert.InRange(result.AcceptedTokens, 1, result.DraftedTokens - 1);
    }

    [Fact]
    public async Task DecodeAsync_DraftsThatAreAlwaysWrong_SameTokensAndTheNextRequestToo()
    {
        int[] prompt = Prompt(50, 3);
        int[] expected = await Plain(prompt, isSampled: true);
        using DecodingEngine engine = Load(new ScriptedDrafter([.. prompt, .. expected], _ => 1));

        (int[] tokens, DecodingResult result) = await engine.Decode(prompt, NewTokens, Sampled);
        (int[] continued, DecodingResult second) = await engine.Decode([.. prompt, .. expected[..60]], 30);
        using DecodingEngine fresh = model.Load();
        (int[] expectedContinued, _) = await fresh.Decode([.. prompt, .. expected[..60]], 30);

        Assert.Equal(expected, tokens);
        Assert.Equal(0, result.AcceptedTokens);
        Assert.Equal(109, second.CachedPromptTokens);
        Assert.Equal(expectedContinued, continued);
    }

    [Fact]
    public async Task DecodeAsync_LookUp_SameTokensOfATextThatRepeatsItself()
    {
        // Greedy decoding of a small model soon goes round in a circle.
        int[] prompt = Prompt(20, 4);
        using DecodingEngine plain = model.Load();
        (int[] expected, _) = await plain.Decode(prompt, 400);
        using DecodingEngine engine = Load(drafter: null, lookup: true);

        (int[] tokens, DecodingResult result) = await engine.Decode(prompt, 400);

        Assert.Equal(expected, tokens);
        Assert.True(result.AcceptedTokens > 20, $"{result.AcceptedTokens} of {result.DraftedTokens} drafted tokens");
    }

    [Fact]
    public async Task DecodeAsync_DraftModelThatIsTheModel_IsAlwaysRight()
    {
        int[] prompt = Prompt(50, 6);
        int[] expected = await Plain(prompt, isSampled: false);
        using DecodingEngine engine = Load(drafter: null, draftModel: model.SeedFolder);

        (int[] tokens, DecodingResult result) = await engine.Decode(prompt, NewTokens);
        (int[] again, _) = await engine.Decode(Prompt(30, 7), NewTokens);

        Assert.Equal(expected, tokens);
        Assert.Equal(result.DraftedTokens, result.AcceptedTokens);
        Assert.Equal(await Plain(Prompt(30, 7), isSampled: false), again);
    }

    [Fact]
    public void Load_DraftModelOfAnotherVocabulary_IsRefused()
    {
        var exception = Assert.Throws<ModelFormatException>(() => Load(drafter: null, draftModel: model.RandomFolder));

        Assert.EndsWith("expected a draft model of the same vocabulary, 4096 tokens, found 96.", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    public async Task DecodeAsync_NearTheLimitOfTokens_DraftsNoFurther(int maxNewTokens)
    {
        int[] prompt = Prompt(50, 1);
        int[] expected = await Plain(prompt, isSampled: false);
        using DecodingEngine engine = Load(new ScriptedDrafter([.. prompt, .. expected], _ => 0));

        (int[] tokens, DecodingResult result) = await engine.Decode(prompt, maxNewTokens);

        Assert.Equal(expected[..maxNewTokens], tokens);
        Assert.Equal((DecodingEnd.MaxNewTokens, maxNewTokens), (result.End, result.GeneratedTokens));
    }

    [Fact]
    public async Task DecodeAsync_StopTokenAmongDrafts_EndsThere()
    {
        int[] prompt = Prompt(50, 1);
        int[] expected = await Plain(prompt, isSampled: false);
        int at = Enumerable.Range(10, 60).First(index => !expected.AsSpan(0, index).Contains(expected[index]));
        using DecodingEngine engine = Load(new ScriptedDrafter([.. prompt, .. expected], _ => 0));

        (int[] tokens, DecodingResult result) = await engine.Decode(prompt, NewTokens, SamplingOptions.Greedy, expected[at]);

        Assert.Equal(expected[..at], tokens);
        Assert.Equal(DecodingEnd.StopToken, result.End);
    }

    [Fact]
    public async Task DecodeAsync_ContextThatEnds_DraftsNoFurther()
    {
        int[] prompt = Prompt(50, 1);
        int[] expected = await Plain(prompt, isSampled: false);
        using DecodingEngine engine = Load(new ScriptedDrafter([.. prompt, .. expected], _ => 0), contextTokens: 64);

        (int[] tokens, DecodingResult result) = await engine.Decode(prompt, NewTokens);

        Assert.Equal(expected[..14], tokens);
        Assert.Equal(DecodingEnd.ContextLimit, result.End);
    }

    [Fact]
    public async Task DecodeAsync_SeveralAtOnce_SameTokensAsAlone()
    {
        int[][] prompts = [.. Enumerable.Range(10, 6).Select(seed => Prompt(40, seed))];
        int[][] expected = [.. await Task.WhenAll(prompts.Select(prompt => Plain(prompt, isSampled: true)))];
        using DecodingEngine engine = Load(drafter: null, lookup: true);

        (int[] Tokens, DecodingResult)[] found = await Task.WhenAll(prompts.Select(prompt => engine.Decode(prompt, NewTokens, Sampled)));

        Assert.Equal(expected, found.Select(answer => answer.Tokens));
    }

    [Fact]
    public async Task DecodeAsync_FirstTokenBehindADraft_HasTheModelsDistribution()
    {
        // Ten tokens are left of the vocabulary, so that 1,000 draws say enough.
        int[] prompt = Prompt(12, 8);
        var sampling = new SamplingOptions { Temperature = 1, TopK = 10 };
        using DecodingEngine plain = model.Load();
        (int[] first, _) = await plain.Decode(prompt, 1);
        using DecodingEngine engine = Load(new ScriptedDrafter([.. prompt, .. Enumerable.Repeat(first[0], 4)], _ => 0));
        var counts = new Dictionary<int, (int Plain, int Drafted)>();
        for (int seed = 0; seed < 1000; seed++)
        {
            (int[] one, _) = await plain.Decode(prompt, 2, sampling with { Seed = seed });
            (int[] other, _) = await engine.Decode(prompt, 2, sampling with { Seed = seed + 100_000 });
            counts[one[1]] = counts.GetValueOrDefault(one[1]) is var a ? (a.Plain + 1, a.Drafted) : default;
            counts[other[1]] = counts.GetValueOrDefault(other[1]) is var b ? (b.Plain, b.Drafted + 1) : default;
        }

        // Two samples of one distribution: chi-square over the tokens that came often; what is rare is one class.
        (int Plain, int Drafted)[] common = [.. counts.Values.Where(pair => pair.Plain + pair.Drafted >= 20)];
        (int Plain, int Drafted) rare = (1000 - common.Sum(pair => pair.Plain), 1000 - common.Sum(pair => pair.Drafted));
        double chiSquare = common.Append(rare).Where(pair => pair.Plain + pair.Drafted > 0).Sum(pair => Math.Pow(pair.Plain - pair.Drafted, 2) / (pair.Plain + pair.Drafted));
        double degrees = common.Length;
        Assert.True(chiSquare < degrees + (4 * Math.Sqrt(2 * degrees)), $"chi-square {chiSquare} of {degrees} degrees of freedom");
    }

    private static SamplingOptions Options(bool isSampled) => isSampled ? Sampled : SamplingOptions.Greedy;

    private async Task<int[]> Plain(int[] prompt, bool isSampled)
    {
        using DecodingEngine engine = model.Load();
        return (await engine.Decode(prompt, NewTokens, Options(isSampled))).Tokens;
    }

    /// <summary>With a gate that is always open, so that no clock has a say.</summary>
    private DecodingEngine Load(IDrafter? drafter, bool lookup = false, string? draftModel = null, int? contextTokens = null) => DecodingEngine.Load(
        new EngineOptions
        {
            ModelFolder = model.SeedFolder,
            MaxContextTokens = contextTokens,
            Threads = 1,
            Runtime = new OnnxRuntimeOptions { AllowSpinning = false },
            Drafter = drafter,
            PromptLookup = lookup,
            DraftModelFolder = draftModel,
            DraftGate = new DraftGate(isAlwaysOpen: true),
        },
        NullLogger.Instance);

    /// <summary>Drafts what it was given, or something else where it is told to be wrong.</summary>
    private sealed class ScriptedDrafter(int[] script, Func<int, int> error) : IDrafter
    {
        public void Restart()
        {
            // It keeps nothing.
        }

        public int Draft(ReadOnlySpan<int> known, Span<int> draft)
        {
            int count = Math.Clamp(script.Length - known.Length, 0, draft.Length);
            for (int i = 0; i < count; i++)
            {
                draft[i] = (script[known.Length + i] + error(known.Length + i)) % 4096;
            }

            return count;
        }

        public void Dispose()
        {
            // Nothing native.
        }
    }
}
