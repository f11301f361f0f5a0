using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using LongWriter.Testing;
using LongWriter.Writing;
using Microsoft.Extensions.AI;

namespace LongWriter.Core.Tests.Writing;

/// <summary>The checks that every chat client passes, over a scripted model whose prose has characters of several bytes.</summary>
public sealed partial class LongWriterChatClientConformanceTests
{
    private static readonly ChatMessage[] Known = [new(ChatRole.User, "Write about subject 90 in 2000 words.")];

    public static TheoryData<string> Checks => [.. ChatClientConformance.NamesFor(ConformanceTraits.SilentPrompt)];

    [Theory]
    [MemberData(nameof(Checks))]
    public Task LongWriterChatClient_OverAScriptedModel_Conforms(string check) =>
        ChatClientConformance.RunAsync(check, SubjectAsync, TestContext.Current.CancellationToken);

    private static async Task<ConformanceSubject> SubjectAsync()
    {
        var client = new LongWriterChatClient(new ScriptedChatClient(Reply));
        return new ConformanceSubject
        {
            Client = client,
            KnownPrompt = Known,
            KnownText = (await client.GetResponseAsync(Known, null, TestContext.Current.CancellationToken)).Text,
            Prompt = number => [new(ChatRole.User, $"Write about subject {number} in 2000 words.")],
            EndlessPrompt = [new(ChatRole.User, "Write about subject ENDLESS in 2000 words.")],
            SilentPrompt = [new(ChatRole.User, "Write about subject SILENT in 2000 words.")],
            RefusedOptions = new Dictionary<string, ChatOptions>
            {
                ["ConversationId"] = new() { ConversationId = "c" },
                ["StopSequences"] = new() { StopSequences = ["x"] },
                ["Tools"] = new() { Tools = [AIFunctionFactory.Create(() => 1, "f")] },
            },
        };
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Reply(ScriptedCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string text = call.AllText;
        bool isPlanning = WriterScript.IsPlanning(call);
        if (text.Contains("subject SILENT", StringComparison.Ordinal) || (!isPlanning && text.Contains("subject ENDLESS", StringComparison.Ordinal) && WriterScript.Section(call) != WriterScript.Prose(1, 500)))
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        string reply = isPlanning ? WriterScript.Plan(4, 500) : $"Grüße 字 😀. {Section(call, text)}";
        await foreach (ChatResponseUpdate update in ScriptedChatClient.Stream(reply).WithCancellation(cancellationToken))
        {
            yield return update;
        }
    }

    /// <summary>Prose of the asked length that depends on the subject.</summary>
    private static string Section(ScriptedCall call, string text)
    {
        string prose = WriterScript.Section(call);
        return Subject().Match(text) is { Success: true } subject
            ? $"W{new string('x', int.Parse(subject.Groups[1].Value, CultureInfo.InvariantCulture) + 1)} {prose}"
            : prose;
    }

    [GeneratedRegex(@"subject (\d+)")]
    private static partial Regex Subject();
}
