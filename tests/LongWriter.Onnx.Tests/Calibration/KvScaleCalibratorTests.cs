using LongWriter.Onnx.Calibration;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Tests.Export;

namespace LongWriter.Onnx.Tests.Calibration;

public sealed class KvScaleCalibratorTests : IDisposable
{
    private const string Text = "The keeper climbed the stairs with the lamp in his hand. “Is the ship in sight?” asked the boy, and nobody answered.";

    private readonly string folder = Directory.CreateTempSubdirectory("longwriter-").FullName;

    [Fact]
    public async Task Calibrate_EmbeddedModel_GivesOneScalePerLayerThatTheExportTakes()
    {
        Assert.SkipWhen(EmbeddedModel.Folder is null, "No seed model on this machine.");

        KvScales scales = await KvScaleCalibrator.CalibrateAsync(EmbeddedModel.Folder!, Text, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((4, 4), (scales.Keys.Count, scales.Values.Count));
        Assert.All(scales.Keys.Concat(scales.Values), scale => Assert.InRange(scale, 1e-4f, 1f));
        CopyModel();
        KvScalesFile.Write(folder, scales);
        ModelExporter.Export(folder, Path.Combine(folder, "out"), cancellationToken: TestContext.Current.CancellationToken);
        ModelManifest manifest = ModelManifestReader.Load(Path.Combine(folder, "out"));
        Assert.Equal(scales.Keys, manifest.Kv.KeyScales);
        Assert.Equal(scales.Values, manifest.Kv.ValueScales);
    }

    [Fact]
    public async Task Calibrate_MoreText_NeverGivesSmallerScales()
    {
        Assert.SkipWhen(EmbeddedModel.Folder is null, "No seed model on this machine.");
        CancellationToken stop = TestContext.Current.CancellationToken;

        KvScales little = await KvScaleCalibrator.CalibrateAsync(EmbeddedModel.Folder!, Text, cancellationToken: stop);
        KvScales more = await KvScaleCalibrator.CalibrateAsync(EmbeddedModel.Folder!, Text + " Then the fog came down.", cancellationToken: stop);

        // The same beginning gives the same keys and values, so more text can only reach further.
        Assert.All(little.Keys.Zip(more.Keys).Concat(little.Values.Zip(more.Values)), pair => Assert.True(pair.Second >= pair.First));
    }

    [Fact]
    public async Task Calibrate_TextOfOneToken_IsRefused()
    {
        Assert.SkipWhen(EmbeddedModel.Folder is null, "No seed model on this machine.");

        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => KvScaleCalibrator.CalibrateAsync(EmbeddedModel.Folder!, "a", cancellationToken: TestContext.Current.CancellationToken));

        Assert.StartsWith("The text to calibrate with must have at least 2 tokens but has 1.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_NoFile_IsNull() => Assert.Null(KvScalesFile.Find(folder));

    [Theory]
    [InlineData("null", "kv_scales.json: expected an object with keys and values, found null.")]
    [InlineData("{\"keys\": [1]}", "kv_scales.json: $: expected scales, found an error: ")]
    [InlineData("{", "kv_scales.json: $: expected scales, found an error: ")]
    public void Find_BrokenFile_IsNamed(string json, string message)
    {
        File.WriteAllText(Path.Combine(folder, KvScalesFile.FileName), json);

        Assert.StartsWith(message, Assert.Throws<ModelFormatException>(() => KvScalesFile.Find(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_ScalesForOtherLayers_IsRefused()
    {
        Assert.SkipWhen(EmbeddedModel.Folder is null, "No seed model on this machine.");
        CopyModel();
        KvScalesFile.Write(folder, new KvScales([1], [1]));

        Assert.Equal(
            "KvScales.Keys must have one scale for each of 4 layers but has 1.",
            Assert.Throws<ArgumentException>(() => ModelExporter.Export(folder, Path.Combine(folder, "out"), cancellationToken: TestContext.Current.CancellationToken)).Message);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void CopyModel()
    {
        foreach (string file in Directory.GetFiles(EmbeddedModel.Folder!))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        File.Delete(Path.Combine(folder, KvScalesFile.FileName));
    }
}
