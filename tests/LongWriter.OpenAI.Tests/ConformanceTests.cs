using LongWriter.Testing;
using Microsoft.Extensions.AI;

namespace LongWriter.OpenAI.Tests;

/// <summary>The checks that every chat client passes. Stop strings and output limits are the server's work, so they are not among them.</summary>
public sealed class ConformanceTests
{
    private const string KnownText = "Grüße, 字 and 😀 — so it ends.";

    public static TheoryData<string> Checks => [.. ChatClientConformance.NamesFor(ConformanceTraits.Seeds | ConformanceTraits.SilentPrompt)];

    [Theory]
    [MemberData(nameof(Checks))]
    public Task OpenAIChatClient_OverALoopbackServer_Conforms(string check) =>
        ChatClientConformance.RunAsync(check, SubjectAsync, TestContext.Current.CancellationToken);

    private static async Task<ConformanceSubject> SubjectAsync()
    {
        LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(Reply);
        return new ConformanceSubject
        {
            Client = server.Client(),
            KnownPrompt = [new(ChatRole.User, "KNOWN")],
            KnownText = KnownText,
            Prompt = number => [new(ChatRole.User, $"Write number {number}.")],
            EndlessPrompt = [new(ChatRole.User, "ENDLESS")],
            SilentPrompt = [new(ChatRole.User, "SILENT")],
            RefusedOptions = new Dictionary<string, ChatOptions>
            {
                ["ConversationId"] = new() { ConversationId = "c" },
                ["AllowBackgroundResponses"] = new() { AllowBackgroundResponses = true },
            },
            Cleanup = server.DisposeAsync,
        };
    }

    private static LoopbackReply Reply(LoopbackRequest request) => request.LastText switch
    {
        "KNOWN" => new LoopbackReply { Text = KnownText, ChunkChars = 3 },
        "ENDLESS" => new LoopbackReply { Text = "on and on", Fault = LoopbackFault.NeverEnd },
        "SILENT" => new LoopbackReply { Fault = LoopbackFault.NeverEnd },
        _ => LoopbackReply.Write($"{request.LastText} with seed {request.Seed}"),
    };
}
