using LongWriter.Prompts;
using LongWriter.Testing;
using LongWriter.Writing;
using static LongWriter.Core.Tests.Writing.WriterRuns;

namespace LongWriter.Core.Tests.Writing;

public sealed class PromptFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("longwriter-prompts-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task WriteAsync_PromptsOfThePapersForm_AreUsedInSinglePrompts()
    {
        AgentWriterOptions options = new()
        {
            Context = ContextLayout.SinglePrompt,
            PromptFiles = new Dictionary<string, string>
            {
                [PromptNames.Plan] = File("plan", "Plan this: $INST$"),
                [PromptNames.SinglePrompt] = File("write", "Task $INST$\nPlan $PLAN$\nText $TEXT$\nNow $STEP$"),
            },
        };
        using var client = Client(call => new PlayedReply(call.Number == 0 ? WriterScript.Plan(2, 1000) : WriterScript.Section(call)));

        WrittenDocument document = await new AgentWriter(client, options).WriteAsync(new WritingRequest { Instruction = "Write 2000 words." }, null, Stop);

        Assert.Equal(2000, document.Words);
        Assert.Equal("Plan this: Write 2000 words.", client.Calls[0].AllText);
        string plan = PlanText.Format(document.Planning!.Plan);
        Assert.Equal(
            $"Task Write 2000 words.\nPlan {plan}\nText {document.Sections[0].Text}\nNow {PlanText.Line(document.Planning.Plan, 1)}", client.Calls[2].AllText);
    }

    [Fact]
    public async Task WriteAsync_InstructionThatNamesPlaces_StaysAsItIs()
    {
        const string Instruction = "Explain what $PLAN$, $STEP$ and $TEXT$ are, then $INST$.";
        using var client = new ScriptedChatClient(WriterScript.Section);

        await new AgentWriter(client).WriteAsync(Planned(50) with { Instruction = Instruction }, null, Stop);

        Assert.Contains($"\n\n{Instruction}\n\n", client.Calls[0].AllText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PromptNames.Plan, "Write $INST$ as $TONE$", "the place $TONE$ is not known; known are $COUNT$, $INST$, $LENGTH$, $MAX$, $MIN$.")]
    [InlineData(PromptNames.Open, "Write $TEXT$", "the place $TEXT$ is not known; known are $INDEX$, $INST$, $PLAN$, $POINT$, $STEP$, $WORDS$.")]
    public void Validate_PlaceThatThePromptDoesNotHave_IsRefusedAtTheDoor(string prompt, string text, string message)
    {
        string path = File("bad", text);

        var thrown = Assert.Throws<ArgumentException>(
            new AgentWriterOptions { PromptFiles = new Dictionary<string, string> { [prompt] = path } }.Validate);

        Assert.Equal($"AgentWriterOptions: PromptFiles[\"{prompt}\"] cannot be used: {path}:1: {message}", thrown.Message);
    }

    [Fact]
    public void PlacesOf_PromptsThatShip_HoldTheseAndNoOthers()
    {
        PromptSet[] shipped = [PromptSet.Load(chinese: false), PromptSet.Load(chinese: true), PromptSet.Load(chinese: false, PromptStyle.Brief)];

        Assert.All(PromptNames.All, name => Assert.Equal(
            shipped.SelectMany(prompts => prompts[name].Places).Distinct().Order(), PromptNames.PlacesOf(name).Order()));
    }

    private string File(string name, string text)
    {
        string path = Path.Combine(folder, name + ".txt");
        System.IO.File.WriteAllText(path, text);
        return path;
    }
}
