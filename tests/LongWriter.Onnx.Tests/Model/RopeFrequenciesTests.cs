using System.Text.Json.Nodes;
using LongWriter.Onnx.Model;

namespace LongWriter.Onnx.Tests.Model;

/// <summary>Golden frequencies; tests/golden/rope/README.md says how they were made.</summary>
public sealed class RopeFrequenciesTests
{
    public static TheoryData<string> Cases =>
        [.. GoldenFiles.Read("rope", "frequencies.json").AsArray().Select(item => item!.ToJsonString())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void From_GoldenCase_GivesItsFrequencies(string golden)
    {
        JsonNode item = JsonNode.Parse(golden)!;
        JsonObject json = RandomLlama.Config();
        foreach ((string name, JsonNode? value) in item["config"]!.AsObject())
        {
            json[name] = value?.DeepClone();
        }

        RopeFrequencies rope = RopeFrequencies.From(ModelConfigReader.Parse(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString())));

        double[] expected = [.. item["frequencies"]!.AsArray().Select(value => (double)value!)];
        Assert.Equal(expected.Length, rope.Frequencies.Count);
        Assert.All(expected.Zip(rope.Frequencies), pair => Assert.Equal(1.0, pair.Second / pair.First, 1e-9));
        Assert.Equal((double)item["attention_factor"]!, rope.AttentionFactor, 1e-12);
    }
}
