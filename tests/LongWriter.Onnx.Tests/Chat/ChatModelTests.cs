using LongWriter.Onnx.Chat;
using LongWriter.Onnx.Chat.Templates;
using LongWriter.Onnx.Model;

namespace LongWriter.Onnx.Tests.Chat;

public sealed class ChatModelTests
{
    private static readonly ChatTemplateMessage[] Hello = [new("user", "hello")];

    [Fact]
    public void LoadTemplate_NoFiles_IsChatML()
    {
        using var folder = new TemporaryFolder();
        ChatTemplateFile file = ChatTemplateFile.Load(folder.Path);
        Assert.Equal("<|im_start|>user\nhello<|im_end|>\n<|im_start|>assistant\n", file.Template.Render(Hello, addGenerationPrompt: true));
        Assert.Empty(file.Variables);
    }

    [Theory]
    [InlineData("""{ "chat_template": "{{ bos_token }}{{ messages[0]['content'] }}", "bos_token": "<s>" }""")]
    [InlineData("""{ "chat_template": [{ "name": "rag", "template": "no" }, { "name": "default", "template": "{{ bos_token }}{{ messages[0]['content'] }}" }], "bos_token": { "content": "<s>", "lstrip": false } }""")]
    public void LoadTemplate_OfTheTokenizersConfiguration_IsFoundInEitherForm(string config)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("tokenizer_config.json"), config);
        ChatTemplateFile file = ChatTemplateFile.Load(folder.Path);
        Assert.Equal("<s>hello", file.Template.Render(Hello, addGenerationPrompt: true, file.Variables));
    }

    [Fact]
    public void LoadTemplate_FileOfItsOwn_ComesFirst()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("tokenizer_config.json"), """{ "chat_template": "config" }""");
        File.WriteAllText(folder.At("chat_template.jinja"), "own");
        Assert.Equal("own", ChatTemplateFile.Load(folder.Path).Template.Render(Hello, addGenerationPrompt: true));
    }

    [Theory]
    [InlineData("""{ "chat_template": 5 }""", "tokenizer_config.json: chat_template: expected a text, a list with one named 'default', or null, found Number.")]
    [InlineData("""{ "chat_template": [] }""", "tokenizer_config.json: chat_template: expected a text, a list with one named 'default', or null, found Array.")]
    [InlineData("[]", "tokenizer_config.json: expected an object, found Array.")]
    public void LoadTemplate_Damaged_NamesThePlace(string config, string message)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("tokenizer_config.json"), config);
        Assert.Equal(message, Assert.Throws<ModelFormatException>(() => ChatTemplateFile.Load(folder.Path)).Message);
    }

    [Fact]
    public void LoadGeneration_EmbeddedModelsForm_IsRead()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("generation_config.json"), """{ "do_sample": true, "temperature": 0.8, "top_p": 0.9, "top_k": 50, "repetition_penalty": 1.1, "eos_token_id": [2, 0] }""");
        GenerationConfig config = GenerationConfig.Load(folder.Path);
        Assert.Equal(new OnnxRequestOptions { Temperature = 0.8f, TopP = 0.9f, TopK = 50, RepetitionPenalty = 1.1f }, config.Defaults);
        Assert.Equal([2, 0], config.EosTokenIds);
    }

    [Fact]
    public void LoadGeneration_WithoutSampling_IsGreedy()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("generation_config.json"), """{ "do_sample": false, "temperature": 0.8 }""");
        Assert.Equal(0, GenerationConfig.Load(folder.Path).Defaults.Temperature);
    }

    [Fact]
    public void LoadGeneration_Absent_SaysNothing()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(new OnnxRequestOptions(), GenerationConfig.Load(folder.Path).Defaults);
    }

    [Fact]
    public void LoadGeneration_Damaged_NamesEveryPlace()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("generation_config.json"), """{ "temperature": "hot", "top_p": -1, "eos_token_id": "end" }""");
        Assert.Equal(
            "generation_config.json: temperature: expected a number in [0, 1000000] or null, found \"hot\". top_p: expected a number in [0, 1000000] or null, found -1. "
            + "eos_token_id: expected a token id, a list of them, or null, found \"end\".",
            Assert.Throws<ModelFormatException>(() => GenerationConfig.Load(folder.Path)).Message);
    }

    [Fact]
    public void EndTokenIds_FromThreePlaces_AreMerged() => Assert.Equal([0, 1, 2], FakeChat.Model.EndTokenIds([1, 2, 5000], vocabSize: 4096));
}
