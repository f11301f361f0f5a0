using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Tests.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>Where operators of ours cannot run, a load says so before ONNX Runtime is asked.</summary>
public sealed class OwnOperatorLoadTests
{
    [Fact]
    public void Load_OnAnotherProvider_SaysWhatToExport()
    {
        using var folder = new TemporaryFolder();
        RandomLlama.Write(folder.At("source"), RandomLlama.Config(), seed: 3);
        ModelExporter.Export(folder.At("source"), folder.At("own"), ExportOptions.Fast with { OwnOperators = true }, cancellationToken: TestContext.Current.CancellationToken);

        var failure = Assert.Throws<ModelFormatException>(() => DecoderModel.Load(folder.At("own"), new OnnxRuntimeOptions { Provider = NamedProvider.WebGpu }, NullLogger.Instance));

        Assert.Equal(
            "model.onnx: expected ONNX Runtime's operators for the execution provider 'WebGPU', found this library's, which run on the CPU. Export with OwnOperators = false, or with ExportOptions.Gpu.",
            failure.Message);
    }

    [Theory]
    [InlineData("1.16.3", false)]
    [InlineData("1.17.0", true)]
    [InlineData("1.30.0", true)]
    [InlineData("unknown", false)]
    public void RequireOperatorFunctions_OldLibrary_IsNamed(string version, bool isEnough)
    {
        OrtLibrary actual = OrtEnvironment.Get(new OnnxRuntimeOptions()).Library;
        var library = new OrtLibrary("lib.so", version, actual.Api);

        Exception? failure = Record.Exception(library.RequireOperatorFunctions);

        Assert.Equal(isEnough, failure is null);
        Assert.True(isEnough || failure!.Message == $"An export with OwnOperators needs ONNX Runtime 1.17 or later, on whose threads these run; 'lib.so' is {version}.", failure?.Message);
    }
}
