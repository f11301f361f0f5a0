using LongWriter.Testing;
using LongWriter.Writing;
using Microsoft.Extensions.AI;

namespace LongWriter.Core.Tests.Writing;

public class AgentWriterTests
{
    private static readonly WritingRequest Request = new() { Instruction = "Write a 2000-word story about a lighthouse." };

    [Fact]
    public async Task WriteAsync_GoodModel_WritesEveryPlannedSection()
    {
        using var client = new ScriptedChatClient(WriterScript.Reply);

        WrittenDocument document = await new AgentWriter(client).WriteAsync(Request, null, TestContext.Current.CancellationToken);

        Assert.Equal(EndCause.Stop, document.End);
        Assert.Equal(PlanOrigin.Model, document.Planning!.Origin);
        Assert.Equal([500, 500, 500, 500], document.Sections.Select(section => section.Words));
        Assert.Equal(2000, document.Words);
        Assert.Equal(5, client.Calls.Count);
        Assert.Equal(new TokenUsage(50, 0, document.Usage.OutputTokens, 5), document.Usage);
        Assert.Empty(document.Notes);
    }

    [Fact]
    public async Task WriteAsync_Conversation_OnlyAppends()
    {
        using var client = new ScriptedChatClient(WriterScript.Reply);

        await new AgentWriter(client).WriteAsync(Request, null, TestContext.Current.CancellationToken);

        for (int call = 2; call < client.Calls.Count; call++)
        {
            IReadOnlyList<ChatMessage> before = client.Calls[call - 1].Messages, now = client.Calls[call].Messages;
            Assert.Equal(before.Count + 2, now.Count);
            Assert.Equal(before.Select(message => message.Text), now.Take(before.Count).Select(message => message.Text));
        }
    }
}
