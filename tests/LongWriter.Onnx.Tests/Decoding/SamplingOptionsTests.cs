using LongWriter.Onnx.Decoding;

namespace LongWriter.Onnx.Tests.Decoding;

public sealed class SamplingOptionsTests
{
    [Fact]
    public void Validate_Defaults_Pass()
    {
        new SamplingOptions().Validate(vocabSize: 10);
        SamplingOptions.Greedy.Validate(vocabSize: 10);
    }

    [Fact]
    public void Validate_EverythingWrong_NamesEverything()
    {
        var options = new SamplingOptions
        {
            Temperature = -1,
            TopK = 0,
            TopP = 1.5f,
            MinP = -0.1f,
            PresencePenalty = 3,
            FrequencyPenalty = -2.5f,
            RepetitionPenalty = 0,
            LogitBias = new Dictionary<int, float> { [10] = 101 },
        };

        var e = Assert.Throws<ArgumentException>(() => options.Validate(vocabSize: 10));

        Assert.Equal(
            "Temperature must be in [0, 2] but is -1. TopK must be 1 or more but is 0. TopP must be in (0, 1] but is 1.5. MinP must be in [0, 1] but is -0.1. "
            + "PresencePenalty must be in [-2, 2] but is 3. FrequencyPenalty must be in [-2, 2] but is -2.5. RepetitionPenalty must be in [0.1, 10] but is 0. "
            + "LogitBias must name ids in [0, 9] but names 10. LogitBias[10] must be in [-100, 100] but is 101.",
            e.Message);
    }

    [Fact]
    public void Validate_NotANumber_IsRefused()
    {
        var e = Assert.Throws<ArgumentException>(() => new SamplingOptions { Temperature = float.NaN, TopP = float.NaN }.Validate(vocabSize: 10));

        Assert.Equal("Temperature must be in [0, 2] but is NaN. TopP must be in (0, 1] but is NaN.", e.Message);
    }

    [Fact]
    public void DecodingRequestValidate_EverythingWrong_NamesEverything()
    {
        var request = new DecodingRequest(ReadOnlyMemory<int>.Empty, new SamplingOptions { TopK = -1 }, 0, [7, 10]);

        var e = Assert.Throws<ArgumentException>(() => request.Validate(vocabSize: 10));

        Assert.Equal(
            "PromptIds must hold 1 token or more but is empty. StopIds[1] must be in [0, 9] but is 10. MaxNewTokens must be 1 or more but is 0. TopK must be 1 or more but is -1.",
            e.Message);
    }

    [Fact]
    public void EngineOptionsValidate_EverythingWrong_NamesEverything()
    {
        var options = new EngineOptions { ModelFolder = " ", MaxContextTokens = 1, Slots = 0, MaxConcurrentSequences = 65, Threads = 0, PrefillChunkTokens = 0 };

        var e = Assert.Throws<ArgumentException>(options.Validate);

        Assert.Equal(
            "ModelFolder must name a folder but is empty. MaxContextTokens must be 2 or more but is 1. Slots must be in [1, 64] but is 0. MaxConcurrentSequences must be in [1, 64] but is 65. Threads must be 1 or more but is 0. "
            + "PrefillChunkTokens must be 1 or more but is 0.",
            e.Message);
    }
}
