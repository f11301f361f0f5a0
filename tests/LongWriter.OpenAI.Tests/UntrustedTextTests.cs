using FsCheck;
using FsCheck.Fluent;

namespace LongWriter.OpenAI.Tests;

/// <summary>Whatever a server sends, a call ends as a reply or as a ModelCallException, and never in another way.</summary>
public sealed class UntrustedTextTests
{
    private const string Good = """
        data: {"id":"x","created":1767225600,"model":"m","choices":[{"index":0,"delta":{"content":"text","tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":0}}}

        data: [DONE]


        """;

    private static readonly string[] Shards =
        ["\n", "\n\n", "data: ", "{", "}", "[", "]", "\"", "null", "-1", "1e999", "\\ud800", "\u0000", ":", ",", "[DONE]", "\"error\":", "\"choices\":[null]", "é"];

    [Fact]
    public void Stream_WithAnyDamage_EndsAsReplyOrModelCallException()
    {
        var damages =
            from place in Gen.Choose(0, Good.Length)
            from removed in Gen.Choose(0, 40)
            from shard in Gen.Elements(Shards)
            select Good[..place] + shard + Good[Math.Min(Good.Length, place + removed)..];
        var random = ArbMap.Default.GeneratorFor<string>().Select(text => "data: " + text + "\n\n");
        Prop.ForAll(Gen.OneOf(damages, random).ToArbitrary(), stream => EndsWell(stream))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(20260101, 1));
    }

    [Fact]
    public void Stream_WithOddValuesInAnyField_EndsAsReplyOrModelCallException()
    {
        string[] values = ["null", "0", "-1", "1e999", "true", "\"\"", "\"s\"", "[]", "[null]", "[{}]", "{}", "{\"index\":0}", "[{\"index\":0,\"id\":null}]"];
        string[] fields =
        [
            "id", "created", "model", "choices", "usage", "error", "index", "delta", "finish_reason", "content", "refusal", "reasoning",
            "tool_calls", "function", "name", "arguments", "prompt_tokens", "prompt_tokens_details", "cached_tokens",
        ];
        var odd =
            from field in Gen.Elements(fields)
            from value in Gen.Elements(values)
            from place in Gen.Elements("{", "\"delta\":{", "{\"index\":0,", "\"function\":{", "\"usage\":{")
            select Good.Replace(place, $"{place}\"{field}\":{value},", StringComparison.Ordinal);
        Prop.ForAll(odd.ToArbitrary(), stream => EndsWell(stream)).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(20260101, 1));
    }

    [Fact]
    public void ServerError_OfAnyText_IsRead() =>
        Prop.ForAll<string, int>((text, place) =>
        {
            string json = """{"error":{"message":"m","code":"c"}}""";
            string body = json.Insert(Math.Abs(place % json.Length), text ?? string.Empty);
            return ServerError.Read(body).Message is not null && ServerError.Read(text ?? string.Empty).Message is not null;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(20260101, 1));

    private static bool EndsWell(string stream)
    {
        using OpenAIChatClient client = Calls.OpenAIClient(new CannedHandler(stream));
        try
        {
            client.GetResponseAsync(Calls.Hello, null, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
        }
        catch (ModelCallException)
        {
            // One of the two good ends.
        }

        return true;
    }
}
