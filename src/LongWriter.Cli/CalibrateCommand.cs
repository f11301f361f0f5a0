using System.CommandLine;
using LongWriter.Onnx.Calibration;
using LongWriter.Onnx.Export;

namespace LongWriter.Cli;

/// <summary>The calibrate command: scales of int8 keys and values from text, kept beside the model.</summary>
internal static class CalibrateCommand
{
    private static readonly Option<string?> Model = ToolOption.Text("--model", "Folder with config.json, safetensors and tokenizer.json.");
    private static readonly Option<string?> TextFile = ToolOption.Text("--text", "Text of the kind the model will write; the first 16384 tokens count.");

    public static Command Build(ToolHost host)
    {
        Model.Required = TextFile.Required = true;
        var command = new Command("calibrate", "Measures scales for int8 keys and values on a text, and writes kv_scales.json beside the model.") { Model, TextFile };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string folder = Path.GetFullPath(parsed.GetValue(Model)!);
            string text = await File.ReadAllTextAsync(parsed.GetValue(TextFile)!, cancellationToken).ConfigureAwait(false);
            KvScalesFile.Write(folder, await KvScaleCalibrator.CalibrateAsync(folder, text, cancellationToken: cancellationToken).ConfigureAwait(false));
            await host.Error.WriteLineAsync($"Wrote {Path.Combine(folder, KvScalesFile.FileName)}").ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }
}
