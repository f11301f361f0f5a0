using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using LongWriter.Onnx.Tokenization.Training;

namespace LongWriter.Cli;

/// <summary>The data train-tokenizer command: from texts to a tokenizer.json.</summary>
internal static class TrainTokenizerCommand
{
    private static readonly Option<string[]> From = new("--from")
    {
        Description = "Texts: .txt files, one text each, and .jsonl files with a string \"text\" in every line. Can be given several times.",
        AllowMultipleArgumentsPerToken = true,
        Required = true,
    };

    private static readonly Option<int?> VocabularySize = ToolOption.Number("--vocab-size", 257, 1_000_000, "Tokens altogether. The default is 4096.");
    private static readonly Option<string?> Out = ToolOption.Text("--out", "The file to write, ending in .json, or the folder in which tokenizer.json is written.", "-o");
    private static readonly Option<bool> Overwrite = new("--overwrite") { Description = "Replace the file when it exists already." };
    private static readonly Option<string?> Pattern = ToolOption.Text(
        "--pattern", $"Regular expression that cuts text into pieces, or {string.Join(", ", SplitPatternNames.All)}. The default is {SplitPatternNames.LongWriter}.");

    private static readonly Option<string[]> Special = new("--special")
    {
        Description = "A special token; the order gives the first ids. Can be given several times. The default is those of the embedded model.",
    };

    private static readonly Option<int?> MinCount = ToolOption.Number("--min-count", 1, int.MaxValue, "How often a pair must occur to be merged. The default is 2.");
    private static readonly Option<bool> Json = new("--json") { Description = "Print the outcome as a JSON object." };

    public static Command Build(ToolHost host)
    {
        Out.Required = true;
        var command = new Command("train-tokenizer", "Trains a byte-level BPE tokenizer on texts and writes a Hugging Face tokenizer.json.")
        {
            From, VocabularySize, Out, Overwrite, Pattern, Special, MinCount, Json,
        };
        command.SetAction((parsed, cancellationToken) => Task.Run(() => Run(parsed, host, cancellationToken), cancellationToken));
        return command;
    }

    private static int Run(ParseResult parsed, ToolHost host, CancellationToken cancellationToken)
    {
        var options = new BytePairTrainerOptions();
        options.VocabularySize = parsed.GetValue(VocabularySize) ?? options.VocabularySize;
        options.MinCount = parsed.GetValue(MinCount) ?? options.MinCount;
        options.Pattern = parsed.GetValue(Pattern) is { } pattern ? SplitPatternNames.PatternOf(pattern) ?? pattern : options.Pattern;
        options.SpecialTokens = parsed.GetValue(Special) is { Length: > 0 } special ? special : options.SpecialTokens;
        var trainer = new BytePairTrainer(options);
        var output = new TokenizerOutput(parsed.GetValue(Out)!, parsed.GetValue(Overwrite));
        foreach (string path in parsed.GetValue(From)!)
        {
            foreach (string text in TrainingTexts.Read("--from", path))
            {
                cancellationToken.ThrowIfCancellationRequested();
                trainer.Add(text);
            }

            host.Error.WriteLine(FormattableString.Invariant($"{path}: {trainer.TextCount} texts, {trainer.PieceCount} pieces, {trainer.DistinctPieceCount} different so far"));
        }

        BytePairVocabulary vocabulary = trainer.Train(new Lines(host.Error, options.VocabularySize), cancellationToken);
        output.Write(vocabulary);
        host.Error.WriteLine(FormattableString.Invariant($"Wrote {output.Path}: {vocabulary.Tokens.Count} tokens, {vocabulary.Merges.Count} merges"));
        if (parsed.GetValue(Json))
        {
            var line = new TrainedTokenizerLine(
                output.Path, vocabulary.Tokens.Count, vocabulary.Merges.Count, trainer.TextCount, trainer.CharCount, trainer.PieceCount, trainer.DistinctPieceCount);
            host.Out.WriteLine(JsonSerializer.Serialize(line, TrainedTokenizerJson.Default.TrainedTokenizerLine));
        }

        return ExitCode.Done;
    }

    private sealed class Lines(TextWriter output, int vocabularySize) : IProgress<int>
    {
        private int lastPercent;

        public void Report(int value)
        {
            int percent = (int)(100L * value / vocabularySize);
            if (percent >= lastPercent + 10)
            {
                lastPercent = percent;
                output.WriteLine(FormattableString.Invariant($"[{value}/{vocabularySize}] tokens"));
            }
        }
    }
}

/// <summary>The outcome as JSON.</summary>
internal sealed record TrainedTokenizerLine(
    string File, int VocabularySize, int Merges, long Texts, long Characters, long Pieces, int DistinctPieces);

[JsonSerializable(typeof(TrainedTokenizerLine))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class TrainedTokenizerJson : JsonSerializerContext;
