using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Tests.Decoding;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Gpu;

/// <summary>Where every tensor is, and that the tokens are those of the CPU when the device's memory is another.</summary>
[Collection(nameof(GpuModels))]
public sealed class DevicePlacementTests(GpuModels models)
{
    private const int Vocabulary = 96;

    [Fact]
    public async Task DecodeAsync_OnADevice_GivesTheTokensOfTheCpu()
    {
        int[] prompt = Prompt(40, 1, Vocabulary);
        using DecodingEngine onCpu = GpuModels.Load(models.Int8, device: null);
        (int[] expected, _) = await onCpu.Decode(prompt, 30);
        using var device = new FakeDevice();
        using DecodingEngine engine = GpuModels.Load(models.Int8, device);

        (int[] tokens, _) = await engine.Decode(prompt, 30);

        Assert.Equal(expected, tokens);
        Assert.Empty(device.Violations);
    }
}
