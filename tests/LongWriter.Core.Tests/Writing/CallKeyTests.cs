using FsCheck;
using FsCheck.Fluent;
using LongWriter.Writing;
using Microsoft.Extensions.AI;

namespace LongWriter.Core.Tests.Writing;

public sealed class CallKeyTests
{
    private static readonly ChatMessage[] Hello = [new(ChatRole.User, "hello")];

    public static TheoryData<string, ChatOptions> Different { get; } = new()
    {
        { "model", new ChatOptions { ModelId = "m" } },
        { "temperature", new ChatOptions { Temperature = 0.5f } },
        { "top-p", new ChatOptions { TopP = 0.5f } },
        { "top-k", new ChatOptions { TopK = 5 } },
        { "max", new ChatOptions { MaxOutputTokens = 5 } },
        { "seed", new ChatOptions { Seed = 5 } },
        { "frequency", new ChatOptions { FrequencyPenalty = 0.5f } },
        { "presence", new ChatOptions { PresencePenalty = 0.5f } },
        { "instructions", new ChatOptions { Instructions = "i" } },
        { "stop", new ChatOptions { StopSequences = ["s"] } },
        { "two stops", new ChatOptions { StopSequences = ["s", "s"] } },
        { "one stop with a separator", new ChatOptions { StopSequences = ["s\u001fs"] } },
        { "json", new ChatOptions { ResponseFormat = ChatResponseFormat.Json } },
        { "schema", new ChatOptions { ResponseFormat = PlanSchema.Format } },
        { "reasoning", new ChatOptions { Reasoning = new ReasoningOptions { Effort = ReasoningEffort.High } } },
        { "property", Property("user", "hello") },
        { "list", Property("user", new[] { "a" }) },
        { "other list", Property("user", new[] { "b" }) },
        { "map", Property("user", new Dictionary<string, object?> { ["a"] = new[] { 1 } }) },
        { "other map", Property("user", new Dictionary<string, object?> { ["a"] = new[] { 2 } }) },
    };

    [Fact]
    public void Of_EachOption_MakesAnotherKey()
    {
        string[] keys = [.. Different.Select(row => CallKey.Of(Hello, row.Data.Item2, "model", 0)), CallKey.Of(Hello, new ChatOptions(), "model", 0)];

        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.All(keys, key => Assert.Matches("^[0-9a-f]{64}$", key));
    }

    [Fact]
    public void Of_PropertyThatLooksLikeAMessage_IsNotOne()
    {
        ChatMessage other = new(ChatRole.User, "other");

        Assert.NotEqual(CallKey.Of([other], Property("user", "hello"), null, 0), CallKey.Of([.. Hello, other], new ChatOptions(), null, 0));
    }

    [Fact]
    public void Of_AnyTwoConversations_AgreeOnlyWhenEqual()
    {
        Gen<(string Role, string Text)[]> conversations = Gen.ArrayOf(
            from role in Gen.Elements("user", "assistant", "system")
            from text in Gen.Elements("", "a", "ab", "b", "user", "a\nb")
            select (role, text));
        Gen<((string, string)[], (string, string)[], int, int)> pairs =
            from left in conversations
            from right in conversations
            from attempt in Gen.Choose(0, 1)
            from other in Gen.Choose(0, 1)
            select (left, right, attempt, other);

        Prop.ForAll(pairs.ToArbitrary(), pair => (Key(pair.Item1, pair.Item3) == Key(pair.Item2, pair.Item4))
                == (pair.Item1.SequenceEqual(pair.Item2) && pair.Item3 == pair.Item4))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1_000).WithReplay(20_260_101UL, 3UL));

        static string Key((string Role, string Text)[] messages, int attempt) => CallKey.Of(
            [.. messages.Select(message => new ChatMessage(new ChatRole(message.Role), message.Text))], new ChatOptions(), "m", attempt);
    }

    private static ChatOptions Property(string name, object value) =>
        new() { AdditionalProperties = new AdditionalPropertiesDictionary { [name] = value } };
}
