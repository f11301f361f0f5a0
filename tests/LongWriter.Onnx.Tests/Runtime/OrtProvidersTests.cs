using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Tests.Runtime;

public sealed class OrtProvidersTests
{
    [Fact]
    public void Available_NpmLibrary_HasTheCpu() => Assert.Contains("CPU", OrtProviders.Available(OrtEnvironment.Get(new OnnxRuntimeOptions())));

    [Fact]
    public void Load_CudaWithoutItsLibraries_SaysWhatIsMissing()
    {
        Exception? failure = Record.Exception(() => OrtSession.Load(TinyGraph.Affine(), new OnnxRuntimeOptions { Provider = new CudaProvider() }).Dispose());
        Assert.SkipWhen(failure is null, "CUDA works on this machine.");

        var missing = Assert.IsType<OnnxRuntimeException>(failure);
        Assert.True(OnnxRuntimeErrorCode.ProviderMissing == missing.Code, missing.Message);
        if (OrtProviders.Available(OrtEnvironment.Get(new OnnxRuntimeOptions())).Contains("CUDA"))
        {
            Assert.StartsWith("The execution provider 'CUDA' cannot be used: ", missing.Message, StringComparison.Ordinal);
            Assert.EndsWith(
                " Needed: libonnxruntime_providers_shared and libonnxruntime_providers_cuda beside the native library (package Microsoft.ML.OnnxRuntime.Gpu), an NVIDIA driver, CUDA and cuDNN.",
                missing.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Load_WebGpuWithoutADriver_SaysWhatIsMissing()
    {
        Exception? failure = Record.Exception(() => OrtSession.Load(TinyGraph.Affine(), new OnnxRuntimeOptions { Provider = NamedProvider.WebGpu }).Dispose());
        Assert.SkipWhen(failure is null, "WebGPU works on this machine.");

        var missing = Assert.IsType<OnnxRuntimeException>(failure);
        Assert.Equal(OnnxRuntimeErrorCode.ProviderMissing, missing.Code);
        Assert.StartsWith("The execution provider 'WebGPU' cannot be used: ", missing.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            " Needed: a GPU with a driver for Vulkan (Linux: libvulkan.so.1 and the vendor's driver), Metal or Direct3D 12.", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_UnknownProvider_ListsThoseThereAre()
    {
        OrtEnvironment environment = OrtEnvironment.Get(new OnnxRuntimeOptions());

        var missing = Assert.Throws<OnnxRuntimeException>(
            () => OrtSession.Load(TinyGraph.Affine(), new OnnxRuntimeOptions { Provider = new NamedProvider("Abacus") }));

        Assert.Equal(
            $"The execution provider 'Abacus' is not in this build of ONNX Runtime ({environment.Library.Path}, {environment.Library.Version}), which has "
                + $"{string.Join(", ", OrtProviders.Available(environment))}. Use a build that has it.",
            missing.Message);
    }

    [Fact]
    public void Validate_SeveralBadOptions_NamesThemAll()
    {
        var options = new OnnxRuntimeOptions
        {
            LibraryPath = "",
            IntraOpThreads = 0,
            InterOpThreads = 2_000,
            Optimization = (GraphOptimization)7,
            Provider = new CudaProvider { DeviceId = -1, MemoryLimitBytes = 0 },
        };

        var failure = Assert.Throws<ArgumentException>(options.Validate);

        Assert.Equal(
            "LibraryPath must be null or a path but is empty. IntraOpThreads must be in [1, 1024] but is 0. InterOpThreads must be in [1, 1024] but is 2000. "
                + "Optimization must be None, Basic, Extended or All but is 7. Provider.DeviceId must be 0 or more but is -1. Provider.MemoryLimitBytes must be above 0 but is 0.",
            failure.Message);
    }

    [Fact]
    public void Validate_CudaByName_PointsToItsOwnType()
    {
        var failure = Assert.Throws<ArgumentException>(new OnnxRuntimeOptions { Provider = new NamedProvider("CUDA") }.Validate);

        Assert.Equal("Provider.ProviderName must not be 'CUDA': use CudaProvider.", failure.Message);
    }
}
