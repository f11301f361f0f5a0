using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using LongWriter.Onnx.Model;

namespace LongWriter.Onnx.Tests.Model;

public sealed class ModelConfigReaderTests
{
    [Fact]
    public void Parse_AbsentOptionals_TakesTheDefaults()
    {
        ModelConfig config = Parse("""
            {"model_type": "llama", "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 3, "num_attention_heads": 4,
             "vocab_size": 100, "max_position_embeddings": 512}
            """);

        Assert.Equal(4, config.KvHeadCount);
        Assert.Equal(16, config.HeadDim);
        Assert.Equal(10_000, config.RopeTheta);
        Assert.Null(config.RopeScaling);
        Assert.Equal(1e-6f, config.RmsNormEpsilon);
        Assert.False(config.AttentionBias || config.MlpBias || config.TieWordEmbeddings);
        Assert.Null(config.BosTokenId);
        Assert.Empty(config.EosTokenIds);
    }

    [Theory]
    [InlineData("llama", null, false, false)]
    [InlineData("llama", true, true, true)]
    [InlineData("qwen2", null, true, false)]
    public void Parse_ModelType_SaysWhichProjectionsHaveBiases(string modelType, bool? flag, bool ofQueries, bool ofOutputs)
    {
        JsonObject json = RandomLlama.Config();
        json["model_type"] = modelType;
        if (flag is { } value)
        {
            json["attention_bias"] = value;
        }

        ModelConfig config = Parse(json.ToJsonString());

        Assert.Equal((ofQueries, ofOutputs), (config.AttentionBias, config.AttentionOutputBias));
    }

    [Fact]
    public void Parse_Qwen2WithASlidingWindow_IsRefused()
    {
        JsonObject json = RandomLlama.Config();
        json["model_type"] = "qwen2";
        json["use_sliding_window"] = true;

        var failure = Assert.Throws<ModelFormatException>(() => Parse(json.ToJsonString()));

        Assert.Equal("config.json: use_sliding_window: expected false, found true.", failure.Message);
    }

    [Fact]
    public void Parse_ManyProblems_NamesThemAll()
    {
        JsonObject json = RandomLlama.Config();
        json["hidden_size"] = 0;
        json["hidden_act"] = "gelu";
        json["tie_word_embeddings"] = "yes";
        json["rope_theta"] = -1;
        json["eos_token_id"] = "end";
        json.Remove("vocab_size");

        var failure = Assert.Throws<ModelFormatException>(() => Parse(json.ToJsonString()));

        Assert.Equal(
            "config.json: hidden_size: expected a whole number in [1, 268435456], found 0. hidden_act: expected silu, found 'gelu'. "
                + "rope_theta: expected a positive number, found -1. vocab_size: expected a number of 1 or more, found nothing. "
                + "tie_word_embeddings: expected true or false, found \"yes\". eos_token_id: expected a token id, a list of them, or null, found \"end\".",
            failure.Message);
    }

    [Theory]
    [InlineData("num_key_value_heads", "3", "num_attention_heads: expected a multiple of num_key_value_heads (3), found 4.")]
    [InlineData("head_dim", "33", "head_dim: expected an even number, as rotary positions turn pairs, found 33.")]
    [InlineData("eos_token_id", "[1, 96]", "eos_token_id: expected a token id in [0, 96), found 96.")]
    [InlineData("bos_token_id", "-2", "bos_token_id: expected a token id in [0, 96), found -2.")]
    [InlineData("model_type", "\"gpt2\"", "model_type: expected llama or qwen2, found 'gpt2'.")]
    [InlineData("rope_scaling", "{\"type\": \"magic\"}", "rope_scaling.rope_type: expected default, linear, llama3 or yarn, found 'magic'.")]
    [InlineData("rope_scaling", "{\"type\": \"linear\", \"factor\": 0.5}", "rope_scaling.factor: expected 1 or more, found 0.5.")]
    [InlineData("rope_scaling", "{\"type\": \"linear\"}", "rope_scaling.factor: expected a positive number, found nothing.")]
    [InlineData("rope_scaling", "7", "rope_scaling: expected an object or null, found 7.")]
    public void Parse_Contradiction_IsNamed(string name, string value, string message)
    {
        JsonObject json = RandomLlama.Config();
        json[name] = JsonNode.Parse(value);

        var failure = Assert.Throws<ModelFormatException>(() => Parse(json.ToJsonString()));

        Assert.Equal($"config.json: {message}", failure.Message);
    }

    [Fact]
    public void Parse_HiddenSizeThatHeadsDoNotDivide_IsNamed()
    {
        JsonObject json = RandomLlama.Config();
        json.Remove("head_dim");
        json["hidden_size"] = 66;

        var failure = Assert.Throws<ModelFormatException>(() => Parse(json.ToJsonString()));

        Assert.Equal("config.json: hidden_size: expected a multiple of num_attention_heads (4), as there is no head_dim, found 66.", failure.Message);
    }

    [Theory]
    [InlineData("", "config.json: expected JSON, found an error at line 1: ")]
    [InlineData("{\n\"a\": }", "config.json: expected JSON, found an error at line 2: ")]
    [InlineData("[]", "config.json: expected an object, found Array.")]
    public void Parse_NoObject_SaysWhere(string json, string start) =>
        Assert.StartsWith(start, Assert.Throws<ModelFormatException>(() => Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_RopeParametersOfTransformers5_AreRead()
    {
        JsonObject json = RandomLlama.Config();
        json.Remove("rope_theta");
        json["rope_parameters"] = JsonNode.Parse("""{"rope_theta": 500000.0, "rope_type": "linear", "factor": 2.0}""");

        ModelConfig config = Parse(json.ToJsonString());

        Assert.Equal(500_000, config.RopeTheta);
        Assert.Equal(new RopeScaling.Linear(2), config.RopeScaling);
    }

    [Fact]
    public void Load_GenerationConfig_AddsItsEnds()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("config.json"), RandomLlama.Config().ToJsonString());
        File.WriteAllText(folder.At("generation_config.json"), """{"eos_token_id": [7, 0]}""");

        Assert.Equal([7, 0, 1], ModelConfigReader.Load(folder.Path).EosTokenIds);

        File.WriteAllText(folder.At("generation_config.json"), """{"eos_token_id": 96}""");
        var failure = Assert.Throws<ModelFormatException>(() => ModelConfigReader.Load(folder.Path));
        Assert.Equal("generation_config.json: eos_token_id: expected a token id in [0, 96), found 96.", failure.Message);
    }

    [Fact]
    public void Load_NoConfig_NamesTheFolder()
    {
        using var folder = new TemporaryFolder();

        var failure = Assert.Throws<ModelFormatException>(() => ModelConfigReader.Load(folder.Path));

        Assert.Equal($"config.json: expected in '{folder.Path}', found no such file.", failure.Message);
    }

    [Fact]
    public void Parse_FieldsOfAnyKind_ReadsOrRefuses()
    {
        string[] names = [.. RandomLlama.Config().Select(field => field.Key), "rope_scaling", "attention_bias", "bos_token_id", "rope_parameters"];
        string[] values = ["null", "-1", "0", "3", "1e400", "99999999999", "0.5", "\"x\"", "[]", "{}", "[[1]]", "true", "{\"type\": 3}", "{\"rope_type\": \"yarn\"}"];
        Gen<(string, string)[]> changes = Gen.ArrayOf(Gen.Elements(names).Zip(Gen.Elements(values)), 3);

        Prop.ForAll(Arb.From(changes), picked =>
        {
            JsonObject json = RandomLlama.Config();
            foreach ((string name, string value) in picked)
            {
                json[name] = JsonNode.Parse(value);
            }

            Exception? failure = Record.Exception(() => Parse(json.ToJsonString()));
            return failure is null or ModelFormatException;
        }).Check(Config.QuickThrowOnFailure.WithReplay(17, 3).WithMaxTest(500));
    }

    private static ModelConfig Parse(string json) => ModelConfigReader.Parse(Encoding.UTF8.GetBytes(json));
}
