using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Tests.Decoding;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Gpu;

/// <summary>What is missing, what does not fit, and what a model was not made for.</summary>
[Collection(nameof(GpuModels))]
public sealed class DeviceErrorTests(GpuModels models)
{
    [Fact]
    public void Load_ProviderLibraryIsMissing_NamesTheFilesAndThePackage()
    {
        using var device = new FakeDevice { AppendFailure = "Failed to load library /app/libonnxruntime_providers_shared.so" };

        var failure = Assert.Throws<OnnxRuntimeException>(() => GpuModels.Load(models.Half, device));

        Assert.Equal(OnnxRuntimeErrorCode.ProviderMissing, failure.Code);
        Assert.Equal(
            "The execution provider 'CUDA' cannot be used: Failed to load library /app/libonnxruntime_providers_shared.so Needed: libonnxruntime_providers_shared and "
            + "libonnxruntime_providers_cuda beside the native library (package Microsoft.ML.OnnxRuntime.Gpu), an NVIDIA driver, CUDA and cuDNN.",
            failure.Message);
    }

    [Fact]
    public void Load_ProviderLibraryCannotBeRegistered_SaysWhichAndTheNextLoadTriesAgain()
    {
        using var device = new FakeDevice { RegistrationFailure = "no such file" };

        var failure = Assert.Throws<OnnxRuntimeException>(() => GpuModels.Load(models.Half, device));
        Assert.StartsWith("Registering the provider library '", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("': no such file", failure.Message, StringComparison.Ordinal);

        device.RegistrationFailure = null;
        GpuModels.Load(models.Half, device).Dispose();
        GpuModels.Load(models.Half, device).Dispose();
        Assert.Equal(2, device.CallsOf("RegisterProviderLibrary").Length);
    }

    [Fact]
    public void Load_OldLibrary_SaysWhatItNeeds()
    {
        using var device = new FakeDevice(version: "1.22.1");

        var failure = Assert.Throws<OnnxRuntimeException>(() => GpuModels.Load(models.Half, device));

        Assert.Equal(OnnxRuntimeErrorCode.LibraryUnusable, failure.Code);
        Assert.Equal(
            $"The execution provider 'CUDA' needs ONNX Runtime 1.23 or later, which says where inputs are read and copies to a device; '{device.Environment.Library.Path}' is 1.22.1.",
            failure.Message);
    }

    [Fact]
    public void Load_NotEnoughMemoryOnTheDevice_SaysHowMuchAndGivesBackWhatItTook()
    {
        const int EachBytes = 5 * 2 * GpuModels.Context * 32 * 2;
        using var device = new FakeDevice { DeviceBytes = 3 * EachBytes };

        var failure = Assert.Throws<OnnxRuntimeException>(() => GpuModels.Load(models.Half, device));

        Assert.Equal($"Allocating {EachBytes} bytes in the memory 'Cuda': Failed to allocate memory for requested buffer.", failure.Message);
        Assert.Equal(3, device.CallsOf("Alloc").Length);
        Assert.Equal(0, device.AllocatedDeviceBytes);
    }

    [Fact]
    public void Load_NoMemoryBesideKeysAndValues_GivesThemBack()
    {
        using var device = new FakeDevice { DeviceBytes = 4 * 5 * 2 * GpuModels.Context * 32 * 2, HostInputs = { "seqlens_k" } };
        device.HostInputs.Remove("total_sequence_length");

        var failure = Assert.Throws<OnnxRuntimeException>(() => GpuModels.Load(models.Half, device));

        Assert.Equal("Allocating 4 bytes in the memory 'Cuda': Failed to allocate memory for requested buffer.", failure.Message);
        Assert.Equal(0, device.AllocatedDeviceBytes);
    }

    [Fact]
    public async Task DecodeAsync_NoMemoryForAStep_FailsThatRequestAndAnotherOneIsServed()
    {
        using var device = new FakeDevice();
        using DecodingEngine engine = GpuModels.Load(models.Half, device);
        device.DeviceBytes = device.AllocatedDeviceBytes;

        var failure = await Assert.ThrowsAsync<OnnxRuntimeException>(() => engine.Decode(Prompt(20, 1, 96), 4));
        device.DeviceBytes = long.MaxValue;
        (int[] tokens, _) = await engine.Decode(Prompt(20, 1, 96), 4);

        Assert.Equal("Allocating 160 bytes in the memory 'Cuda': Failed to allocate memory for requested buffer.", failure.Message);
        Assert.Equal(1, device.CallsOf("Alloc").Count(call => call == "Alloc Cuda 160"));
        Assert.Equal(4, tokens.Length);
    }

    [Fact]
    public async Task Load_AttentionOnTheHost_WarnsAndKeepsKeysAndValuesThere()
    {
        int[] prompt = Prompt(40, 1, 96);
        using DecodingEngine onCpu = GpuModels.Load(models.Reproducible, device: null);
        (int[] expected, _) = await onCpu.Decode(prompt, 20);
        using var device = new FakeDevice
        {
            HostInputs = { "past_key_values.0.key", "past_key_values.0.value", "past_key_values.1.key", "past_key_values.1.value", "seqlens_k" },
        };
        var logger = new WarningList();
        using DecodingEngine engine = GpuModels.Load(models.Reproducible, device, logger: logger);

        (int[] tokens, _) = await engine.Decode(prompt, 20);

        Assert.Equal(expected, tokens);
        Assert.Equal(
            ["Attention runs on the CPU, not by CUDA, which has none for keys and values of type int8 as this graph uses them: every step crosses over and back for each layer. ExportOptions.Gpu gives a model that fits."],
            logger.Warnings);
        Assert.Equal(["Cpu", "Cpu", "Cuda"], new[] { "past_key_values.0.key", "seqlens_k", "input_ids" }.Select(name => device.LastPlacement[name]));
        Assert.Empty(device.Violations);
    }

    [Fact]
    public void Load_AttentionPartlyOnTheHost_IsRefused()
    {
        using var device = new FakeDevice { HostInputs = { "past_key_values.1.key", "past_key_values.1.value" } };

        var failure = Assert.Throws<OnnxRuntimeException>(() => GpuModels.Load(models.Half, device));

        Assert.Equal(
            "The provider reads 2 of 4 tensors of keys and values from its memory and the others from the host's; a model whose attention is split is not supported.", failure.Message);
    }

    [Fact]
    public void Load_MemoryThatIsNotKnown_IsRefused()
    {
        using var device = new FakeDevice("DML");

        var failure = Assert.Throws<OnnxRuntimeException>(() => GpuModels.Load(models.Half, device));

        Assert.Equal("The session reads inputs from the memory 'DML', which this library does not use: it uses those of CUDA, WebGPU and the host.", failure.Message);
    }

    [Fact]
    public async Task DecodeAsync_GraphWithAnAttentionMask_CopiesTheMaskWithEveryStep()
    {
        int[] prompt = Prompt(40, 1, 96);
        using DecodingEngine onCpu = GpuModels.Load(models.GenAi, device: null);
        (int[] expected, _) = await onCpu.Decode(prompt, 20);
        using var device = new FakeDevice();
        using DecodingEngine engine = GpuModels.Load(models.GenAi, device);

        (int[] tokens, _) = await engine.Decode(prompt, 20);

        Assert.Equal(expected, tokens);
        Assert.Equal("copied when bound", device.LastPlacement["attention_mask"]);
        Assert.Equal("Cuda", device.LastPlacement["past_key_values.0.key"]);
        Assert.Equal(20, device.CallsOf("SynchronizeInputs").Length);
        Assert.Empty(device.Violations);
    }

    [Fact]
    public void Load_BudgetOfBytesOnADevice_IsRefused()
    {
        using var device = new FakeDevice();

        var failure = Assert.Throws<ArgumentException>(() => DecodingEngine.Load(
            new EngineOptions
            {
                ModelFolder = models.Half,
                KvMemoryBudgetBytes = 1 << 30,
                Runtime = new OnnxRuntimeOptions { Provider = new CudaProvider(), Environment = device.Environment },
            },
            NullLogger.Instance));

        Assert.Equal(
            "KvMemoryBudgetBytes is not supported where keys and values are on a device, whose memory is taken whole: MaxContextTokens, Slots and MaxConcurrentSequences say how much.", failure.Message);
        Assert.Equal(0, device.AllocatedDeviceBytes);
    }

    [Fact]
    public void LargestKvMagnitudes_OnADevice_SaysWhereToCalibrate()
    {
        using var device = new FakeDevice();
        using DecodingEngine engine = GpuModels.Load(models.Half, device);

        var failure = Assert.Throws<NotSupportedException>(() => engine.LargestKvMagnitudes(1));

        Assert.Equal("Keys and values are in the memory 'Cuda'; what looks into them, as calibration does, needs a model that is loaded on the CPU.", failure.Message);
    }

    private sealed class WarningList : ILogger
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning)
            {
                Warnings.Add(formatter(state, exception));
            }
        }
    }
}
