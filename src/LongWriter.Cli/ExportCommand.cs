using System.CommandLine;
using LongWriter.Onnx.Export;

namespace LongWriter.Cli;

/// <summary>The export command: a Hugging Face folder becomes an ONNX model folder.</summary>
internal static class ExportCommand
{
    private static readonly Option<string?> From = ToolOption.Text("--from", "Folder with config.json, safetensors and tokenizer.json.");
    private static readonly Option<string?> To = ToolOption.Text("--to", "Folder to make.");
    private static readonly Option<string?> Precision = ToolOption.Choice(
        "--precision", "Precision of the weights. The default is int8.", "float32", "int8", "int4");
    private static readonly Option<int?> BlockSize = ToolOption.Number("--block-size", 32, 128, "Weights that share a scale: 32, 64 or 128. The default is 32.");
    private static readonly Option<string?> Kv = ToolOption.Choice("--kv", "Precision of keys and values. The default is int8.", "float32", "int8");
    private static readonly Option<string?> Operators = ToolOption.Choice(
        "--operators",
        "own: this library's, the fastest where the processor has AVX-512, for this library alone; onnxruntime: those that any ONNX Runtime has. The default is own for blocks of 64 and 128 with AVX-512.",
        "own", "onnxruntime");
    private static readonly Option<string?> Inputs = ToolOption.Choice(
        "--signature", "Inputs and outputs of the graph: longwriter, or genai for onnxruntime-genai (needs --kv float32). The default is longwriter.", "longwriter", "genai");
    private static readonly Option<bool> Overwrite = new("--overwrite") { Description = "Replace the folder when it exists already." };

    public static Command Build(ToolHost host)
    {
        From.Required = To.Required = true;
        var command = new Command("export", "Exports a model of the Llama layout to ONNX, for --model onnx:FOLDER.") { From, To, Precision, BlockSize, Kv, Operators, Inputs, Overwrite };
        command.SetAction((parsed, cancellationToken) => Task.Run(() => Run(parsed, host, cancellationToken), cancellationToken));
        return command;
    }

    private static int Run(ParseResult parsed, ToolHost host, CancellationToken cancellationToken)
    {
        var options = new ExportOptions
        {
            Weights = parsed.GetValue(Precision) switch
            {
                "float32" => WeightPrecision.Float32,
                "int4" => WeightPrecision.Int4,
                _ => WeightPrecision.Int8,
            },
            BlockSize = parsed.GetValue(BlockSize) ?? 32,
            Kv = parsed.GetValue(Kv) == "float32" ? KvPrecision.Float32 : KvPrecision.Int8,
            OwnOperators = parsed.GetValue(Operators) is { } operators ? operators == "own" : null,
            Signature = parsed.GetValue(Inputs) == "genai" ? Signature.GenAi : Signature.LongWriter,
            Overwrite = parsed.GetValue(Overwrite),
        };
        string to = Path.GetFullPath(parsed.GetValue(To)!);
        ModelExporter.Export(Path.GetFullPath(parsed.GetValue(From)!), to, options, new Lines(host.Error), cancellationToken);
        host.Error.WriteLine($"Wrote {to}");
        return ExitCode.Done;
    }

    private sealed class Lines(TextWriter output) : IProgress<ExportProgress>
    {
        public void Report(ExportProgress value) => output.WriteLine(FormattableString.Invariant($"[{value.CompletedSteps}/{value.TotalSteps}] {value.Stage}"));
    }
}
