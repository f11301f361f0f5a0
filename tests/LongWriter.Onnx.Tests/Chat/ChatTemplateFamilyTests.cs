using System.Text.Json;
using LongWriter.Onnx.Chat.Templates;
using LongWriter.Onnx.Tests.Tokenization;

namespace LongWriter.Onnx.Tests.Chat;

/// <summary>Templates of our own in the manner of model families, with tools, calls, results and parts: what Jinja2 makes of them, and where it agrees what @huggingface/jinja does.</summary>
public sealed class ChatTemplateFamilyTests
{
    private static readonly string Folder = Path.Combine(TokenizerVectors.Repository, "tests", "golden", "templates");
    private static readonly JsonElement Vectors = Read("vectors.json");
    private static readonly JsonElement Python = Read("python.json");

    public static TheoryData<string> Families =>
        [.. Directory.GetFiles(Path.Combine(Folder, "families")).Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Families))]
    public void Render_EveryConversation_GivesTheReferencesText(string family)
    {
        ChatTemplate template = ChatTemplate.Parse(File.ReadAllText(Path.Combine(Folder, "families", $"{family}.jinja")), family);
        int compared = 0;
        foreach ((JsonElement vector, JsonElement python) in Vectors.GetProperty("cases").EnumerateArray().Zip(Python.EnumerateArray())
            .Where(pair => pair.First.GetProperty("template").GetString() == family))
        {
            compared++;
            Dictionary<string, object?> variables = Vectors.GetProperty("settings")[vector.GetProperty("setting").GetInt32()]
                .EnumerateObject().ToDictionary(variable => variable.Name, variable => (object?)variable.Value);
            variables["messages"] = Vectors.GetProperty("conversations").GetProperty(vector.GetProperty("conversation").GetString()!);
            string Render() => template.Render([], addGenerationPrompt: false, variables);
            if (python.GetProperty("refusal").GetString() is { } refusal)
            {
                Assert.EndsWith($": the template refuses the conversation: {refusal}", Assert.Throws<ChatTemplateException>(Render).Message, StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal(python.GetProperty("expected").GetString(), Render());
            }
        }

        Assert.Equal(24, compared);
    }

    [Fact]
    public void Render_ConstructsOneByOne_GiveWhatJinja2Gives()
    {
        JsonElement[] sources = [.. Read("snippets.json").EnumerateArray()];
        JsonElement[] expected = [.. Read("snippets-python.json").EnumerateArray()];
        var variables = new Dictionary<string, object?> { ["messages"] = Vectors.GetProperty("conversations").GetProperty("dialogue") };
        List<string> wrong = [];
        for (int i = 0; i < sources.Length; i++)
        {
            string source = sources[i].GetString()!;
            string found;
            try
            {
                found = ChatTemplate.Parse(source, "t").Render([], addGenerationPrompt: false, variables);
            }
            catch (ChatTemplateException problem)
            {
                found = problem.Message;
            }

            if (found != expected[i].GetString())
            {
                wrong.Add($"{source}\n  expected {expected[i].GetString()}\n  found    {found}");
            }
        }

        Assert.Equal(52, expected.Length);
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public void Vectors_BothReferences_AgreeButForWhatOneOfThemLacks()
    {
        JsonElement[] differing =
        [
            .. Vectors.GetProperty("cases").EnumerateArray().Zip(Python.EnumerateArray())
                .Where(pair => pair.First.GetProperty("expected").GetString() != pair.Second.GetProperty("expected").GetString()
                    || pair.First.GetProperty("refusal").GetString() != pair.Second.GetProperty("refusal").GetString())
                .Select(pair => pair.First),
        ];

        // Of @huggingface/jinja: no reject with a test, no chained comparison, no loop over what is undefined; true and lists are printed as in JavaScript.
        Assert.Equal(240, Python.GetArrayLength());
        Assert.Equal(46, differing.Length);
        Assert.Equal(32, differing.Count(vector => vector.GetProperty("expected").ValueKind == JsonValueKind.Null));
    }

    private static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, file))).RootElement;
}
