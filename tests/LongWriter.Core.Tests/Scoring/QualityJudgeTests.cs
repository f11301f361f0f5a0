using LongWriter.Calling;
using LongWriter.Scoring;
using LongWriter.Testing;
using Microsoft.Extensions.AI;

namespace LongWriter.Tests.Scoring;

public sealed class QualityJudgeTests
{
    private const string Good = "Fine.\n{\"Relevance\": 5, \"Accuracy\": 4, \"Coherence\": 3, \"Clarity\": 2, \"Breadth and Depth\": 1, \"Reading Experience\": 5}";
    private const string Wrong = "{\"Relevance\": 5, \"Accuracy\": 4, \"Coherence\": 3, \"Clarity\": 7, \"Breadth and Depth\": 1, \"Reading Experience\": 5}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task JudgeAsync_GoodReply_GivesMarksAndAllThatRepeatsIt()
    {
        var client = new ScriptedChatClient(_ => Good);

        QualityJudgement judgement = await new QualityJudge(client, new QualityJudgeOptions { Seed = 7 }).JudgeAsync("Write.", "A text.", Token);

        QualitySample sample = Assert.Single(judgement.Samples);
        Assert.Equal(new QualityMarks(5, 4, 3, 2, 1, 5), sample.Marks);
        Assert.Null(judgement.Failure);
        Assert.Equal(("Fine.", 7L), (sample.Analysis, sample.Seed));
        Assert.Equal([Good], sample.Replies);
        Assert.Equal(("scripted", "quality-v1", 0.5f), (judgement.Model, judgement.PromptVersion, judgement.Temperature));
        Assert.Equal((10L, 1), (judgement.Usage.InputTokens, judgement.Usage.Calls));
        ChatOptions options = Assert.Single(client.Calls).Options!;
        Assert.Equal((0.5f, 1024, 7L), (options.Temperature, options.MaxOutputTokens, options.Seed));
        Assert.Null(options.ResponseFormat);
    }

    [Fact]
    public async Task JudgeAsync_Prompt_HoldsBothTextsOnceAndTheRules()
    {
        var client = new ScriptedChatClient(_ => Good);

        await new QualityJudge(client).JudgeAsync("写一篇关于 $RESPONSE$ 的文章", "这是正文 $INST$。", Token);

        ScriptedCall call = Assert.Single(client.Calls);
        Assert.Equal(ChatRole.User, Assert.Single(call.Messages).Role);
        Assert.Contains("<request>\n写一篇关于 $RESPONSE$ 的文章\n</request>", call.LastText, StringComparison.Ordinal);
        Assert.Contains("<answer>\n这是正文 $INST$。\n</answer>", call.LastText, StringComparison.Ordinal);
        Assert.Contains("Do not consider whether the answer is as long as the request wants", call.LastText, StringComparison.Ordinal);
        Assert.Contains("Judge the answer in its own language", call.LastText, StringComparison.Ordinal);
        string[] names = ["Relevance", "Accuracy", "Coherence", "Clarity", "Breadth and Depth", "Reading Experience"];
        Assert.All(names, name => Assert.Contains($"\n{name}: ", call.LastText, StringComparison.Ordinal));
        Assert.Equal(6, call.LastText.Split("\n5 - ").Length - 1);
        Assert.Equal(6, call.LastText.Split("\n1 - ").Length - 1);

        // The form the prompt shows must never pass for marks when a judge repeats it.
        Assert.Null(JudgeReplyParser.Parse(call.LastText).Value);
    }

    [Fact]
    public async Task JudgeAsync_ClientWithSchema_IsSentTheSchema()
    {
        ScriptedChatClient client = new ScriptedChatClient(_ => Good).With<IStructuredOutput>(new Schemas(true));
        ScriptedChatClient without = new ScriptedChatClient(_ => Good).With<IStructuredOutput>(new Schemas(false));

        await new QualityJudge(client).JudgeAsync("a", "b", Token);
        await new QualityJudge(without).JudgeAsync("a", "b", Token);

        var format = Assert.IsType<ChatResponseFormatJson>(Assert.Single(client.Calls).Options!.ResponseFormat);
        Assert.Equal(
            ["Analysis", "Relevance", "Accuracy", "Coherence", "Clarity", "Breadth and Depth", "Reading Experience"],
            format.Schema!.Value.GetProperty("properties").EnumerateObject().Select(property => property.Name));
        Assert.Null(Assert.Single(without.Calls).Options!.ResponseFormat);
    }

    [Fact]
    public async Task JudgeAsync_UnusableReply_IsAskedForAgainWithWhatWasWrong()
    {
        var client = new ScriptedChatClient(call => call.Number == 0 ? Wrong : Good);

        QualityJudgement judgement = await new QualityJudge(client).JudgeAsync("a", "b", Token);

        Assert.Equal([Wrong, Good], judgement.Samples[0].Replies);
        Assert.Equal(2, judgement.Usage.Calls);
        ScriptedCall second = client.Calls[1];
        Assert.Equal([ChatRole.User, ChatRole.Assistant, ChatRole.User], second.Messages.Select(message => message.Role));
        Assert.Equal(Wrong, second.Messages[1].Text);
        Assert.StartsWith("Your reply cannot be used. Clarity must be an integer from 1 to 5 but is 7.\n", second.LastText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JudgeAsync_NeverUsable_IsAFailureWithEveryReply()
    {
        var client = new ScriptedChatClient(call => call.Number == 0 ? "No JSON." : Wrong);

        QualityJudgement judgement = await new QualityJudge(client, new QualityJudgeOptions { MaxReasks = 1 }).JudgeAsync("a", "b", Token);

        Assert.Equal("The last of 2 replies cannot be used: Clarity must be an integer from 1 to 5 but is 7.", judgement.Failure);
        Assert.Null(judgement.Samples[0].Marks);
        Assert.Equal(["No JSON.", Wrong], judgement.Samples[0].Replies);
        Assert.Null(judgement.Mean(QualityDimension.Clarity));
    }

    [Fact]
    public async Task JudgeAsync_EmptyReply_IsAskedAnewWithoutShowingIt()
    {
        var client = new ScriptedChatClient(call => call.Number == 0 ? "" : Good);

        QualityJudgement judgement = await new QualityJudge(client).JudgeAsync("a", "b", Token);

        Assert.Null(judgement.Failure);
        Assert.Single(client.Calls[1].Messages);
    }

    [Fact]
    public async Task JudgeAsync_CutReply_SaysThatTheLimitWasReached()
    {
        var client = new ScriptedChatClient((_, _) => ScriptedChatClient.Stream("{\"Analysis\": \"It", ChatFinishReason.Length));

        QualityJudgement judgement = await new QualityJudge(client, new QualityJudgeOptions { MaxReasks = 0 }).JudgeAsync("a", "b", Token);

        Assert.Equal(
            "The reply cannot be used: The JSON object is cut off: the reply ends before its closing brace. The reply reached its limit of 1024 tokens.",
            judgement.Failure);
    }

    [Fact]
    public async Task JudgeAsync_Refusal_IsAFailureAtOnce()
    {
        var client = new ScriptedChatClient(_ => "I'm sorry, but I can't help with that request.");

        QualityJudgement judgement = await new QualityJudge(client).JudgeAsync("a", "b", Token);

        Assert.Equal("The judge refused to judge.", judgement.Failure);
        Assert.Single(client.Calls);
    }

    [Fact]
    public async Task JudgeAsync_FailedCall_IsAFailureAndNoException()
    {
        var client = new ScriptedChatClient((_, _) => throw new ModelCallException("The key is wrong.", isTransient: false));

        QualityJudgement judgement = await new QualityJudge(client).JudgeAsync("a", "b", Token);

        Assert.Equal("The call failed after 1 try: The key is wrong.", judgement.Failure);
        Assert.Empty(judgement.Samples[0].Replies);
    }

    [Fact]
    public async Task JudgeAsync_ThreeSamples_CountTheirSeedsAndAverage()
    {
        var client = new ScriptedChatClient(call => call.Number switch
        {
            0 => Good,
            1 => "nothing",
            _ => Good.Replace("\"Accuracy\": 4", "\"Accuracy\": 1", StringComparison.Ordinal),
        });

        QualityJudgement judgement = await new QualityJudge(client, new QualityJudgeOptions { Samples = 3, Seed = 40, MaxReasks = 0 }).JudgeAsync("a", "b", Token);

        Assert.Equal([40L, 41L, 42L], judgement.Samples.Select(sample => sample.Seed!.Value));
        Assert.Equal([40L, 41L, 42L], client.Calls.Select(call => call.Options!.Seed!.Value));
        Assert.Null(judgement.Failure);
        Assert.Equal("The reply cannot be used: The reply holds no JSON object.", judgement.Samples[1].Failure);
        Assert.Equal(2.5, judgement.Mean(QualityDimension.Accuracy));
        Assert.Equal(3, judgement.Usage.Calls);
    }

    [Fact]
    public async Task JudgeAsync_PromptFile_IsUsedAndNamedByItsHash()
    {
        var client = new ScriptedChatClient(_ => Good);
        const string file = "Q: $INST$\nA: $RESPONSE$\nGive six marks.";

        QualityJudgement judgement = await new QualityJudge(client, new QualityJudgeOptions { PromptFile = file }).JudgeAsync("a", "b", Token);
        string other = new QualityJudge(client, new QualityJudgeOptions { PromptFile = file.Replace("\n", "\r\n", StringComparison.Ordinal) }).PromptVersion;

        Assert.Equal("Q: a\nA: b\nGive six marks.", client.Calls[0].LastText);
        Assert.Matches("^sha256:[0-9a-f]{64}$", judgement.PromptVersion);
        Assert.Equal(judgement.PromptVersion, other);
    }

    [Fact]
    public async Task JudgeAsync_Cancelled_Throws()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var client = new ScriptedChatClient(call =>
        {
            stop.Cancel();
            return Good;
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new QualityJudge(client).JudgeAsync("a", "b", stop.Token));
    }

    [Fact]
    public void Options_AllWrong_AreNamedInOneMessage()
    {
        var options = new QualityJudgeOptions
        {
            Temperature = 2.5f,
            MaxOutputTokens = 3,
            MaxReasks = 11,
            Samples = 0,
            PromptFile = "Judge $INST$.",
            Calls = new ModelCallOptions { MaxAttempts = 0 },
        };

        ArgumentException error = Assert.Throws<ArgumentException>(() => new QualityJudge(new ScriptedChatClient(_ => Good), options));

        Assert.Equal(
            "QualityJudgeOptions: Temperature must be in [0, 2] but is 2.5. MaxOutputTokens must be in [64, 100000] but is 3. MaxReasks must be in [0, 10] but is 11. "
            + "MaxAttempts must be in [1, 20] but is 0. Samples must be in [1, 100] but is 0. PromptFile cannot be used: The prompt: the place $RESPONSE$ must occur but does not.",
            error.Message);
    }

    [Fact]
    public void Options_ChangedAfterwards_HaveNoEffectOnTheJudge()
    {
        var options = new QualityJudgeOptions();
        var judge = new QualityJudge(new ScriptedChatClient(_ => Good), options);

        options.PromptFile = "$INST$ $RESPONSE$";

        Assert.Equal("quality-v1", judge.PromptVersion);
    }

    private sealed class Schemas(bool supported) : IStructuredOutput
    {
        public bool SupportsJsonSchema => supported;
    }
}
