using LongWriter.Onnx.Decoding;
using LongWriter.Testing;
using Microsoft.Extensions.AI;

namespace LongWriter.Onnx.Tests.Chat;

public sealed class OnnxChatClientConformanceTests
{
    private const string KnownText = "Grüße, 字 and 😀 — so it ends.";

    public static TheoryData<string> Checks =>
        [.. ChatClientConformance.NamesFor(ConformanceTraits.StopSequences | ConformanceTraits.OutputLimit | ConformanceTraits.Seeds | ConformanceTraits.SilentPrompt)];

    [Theory]
    [MemberData(nameof(Checks))]
    public Task OnnxChatClient_OverAScriptedEngine_Conforms(string check) =>
        ChatClientConformance.RunAsync(check, () => Task.FromResult(Subject()), TestContext.Current.CancellationToken);

    private static ConformanceSubject Subject()
    {
        var engine = new FakeEngine(Reply)
        {
            Prefill = (request, token) => Asks(request, "SILENT") ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask,
        };
        return new ConformanceSubject
        {
            Client = FakeChat.Client(engine),
            KnownPrompt = [FakeChat.User("KNOWN")],
            KnownText = KnownText,
            Prompt = number => [FakeChat.User($"Write number {number}.")],
            EndlessPrompt = [FakeChat.User("ENDLESS")],
            SilentPrompt = [FakeChat.User("SILENT")],
            Idle = _ => engine.Idle,
            RefusedOptions = new Dictionary<string, ChatOptions>
            {
                ["ConversationId"] = new() { ConversationId = "c" },
                ["ResponseFormat"] = new() { ResponseFormat = ChatResponseFormat.Json },
                ["Tools"] = new() { Tools = [AIFunctionFactory.Create(() => 1, "f")] },
                ["AdditionalProperties['x']"] = new() { AdditionalProperties = new() { ["x"] = 1 } },
            },
        };
    }

    /// <summary>Byte by byte, so that every character of more than one byte is split and stop strings lie across tokens.</summary>
    private static IEnumerable<int> Reply(DecodingRequest request) =>
        Asks(request, "KNOWN") ? [.. FakeChat.ByteIds(KnownText), FakeChat.EndOfTurn]
        : Asks(request, "ENDLESS") ? Enumerable.Repeat(FakeChat.ByteIds("n")[0], int.MaxValue)
        : FakeChat.Draw(request);

    private static bool Asks(DecodingRequest request, string word) => FakeChat.Tokenizer.Decode(request.PromptIds.Span).Contains(word, StringComparison.Ordinal);
}
