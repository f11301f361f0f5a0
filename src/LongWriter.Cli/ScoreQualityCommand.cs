using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LongWriter.Cli;

/// <summary>The score quality command: what a model as judge makes of a text.</summary>
internal static class ScoreQualityCommand
{
    private static readonly Argument<string> TextFile = new("file") { Description = "File with the text; - reads standard input." };
    private static readonly Option<string?> Instruction = ToolOption.Text("--instruction", "What the writer was asked for.");
    private static readonly Option<string?> InstructionFile = ToolOption.Text("--instruction-file", "File with what the writer was asked for.");
    private static readonly Option<string?> Judge = ToolOption.Text("--judge", "The model that judges: openai:NAME, or onnx:FOLDER for one on this machine.");
    private static readonly Option<Uri?> Endpoint = ToolOption.Address("--endpoint", "Address of an OpenAI-compatible server, such as http://localhost:8000/v1.");
    private static readonly Option<int?> Samples = ToolOption.Number("--samples", 1, 100, "How often the text is judged. The default is 1.");
    private static readonly Option<float?> Temperature = ToolOption.Number("--temperature", 0f, 2f, "Sampling temperature of the judge. The default is 0.5, the paper's.");
    private static readonly Option<long?> Seed = ToolOption.Number("--seed", long.MinValue, long.MaxValue, "Seed of the first sample.");
    private static readonly Option<string?> Prompt = ToolOption.Text("--prompt", "File that replaces the judge's prompt, with the places $INST$ and $RESPONSE$.");
    private static readonly Option<bool> Json = new("--json") { Description = "Print a JSON object." };

    public static Command Build(ToolHost host)
    {
        Judge.Required = true;
        var command = new Command("quality", "Has a model judge a text in six dimensions, its length left out of account.")
        {
            TextFile, Instruction, InstructionFile, Judge, Endpoint, Samples, Temperature, Seed, Prompt, Json,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, host, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, ToolHost host, CancellationToken cancellationToken)
    {
        (string? given, string? file) = (parsed.GetValue(Instruction), parsed.GetValue(InstructionFile));
        if ((given is null) == (file is null))
        {
            throw new ArgumentException("One of --instruction and --instruction-file must say what the writer was asked for.");
        }

        string instruction = given ?? InputFile.Read("--instruction-file", file!);
        string text = InputFile.Read("file", parsed.GetValue(TextFile)!, host);
        if (string.IsNullOrWhiteSpace(instruction) || string.IsNullOrWhiteSpace(text))
        {
            throw new ArgumentException($"The {(string.IsNullOrWhiteSpace(text) ? "text" : "instruction")} must not be empty.");
        }

        var settings = new JudgeSettings(
            new ModelChoice(parsed.GetValue(Judge), parsed.GetValue(Endpoint)) { Option = Judge.Name },
            parsed.GetValue(Samples), parsed.GetValue(Temperature), parsed.GetValue(Seed), parsed.GetValue(Prompt) is { } path ? InputFile.Read("--prompt", path) : null);
        using IChatClient client = settings.Model.Open(host, replies: 1, cancellationToken);
        QualityJudgement judgement = await ScoringCalls.JudgeFor(client, settings, host.Time).Judge.JudgeAsync(instruction, text, cancellationToken).ConfigureAwait(false);
        if (parsed.GetValue(Json))
        {
            await host.Out.WriteLineAsync(JsonSerializer.Serialize(QualityScoreLine.Of(judgement), ScoreJson.Default.QualityScoreLine)).ConfigureAwait(false);
        }
        else if (judgement.Failure is null)
        {
            await PrintAsync(judgement, host.Out).ConfigureAwait(false);
        }

        if (judgement.Failure is { } failure)
        {
            await host.Error.WriteLineAsync($"longwriter: The judge gave no marks: {failure}").ConfigureAwait(false);
            return ExitCode.ModelFailed;
        }

        return ExitCode.Done;
    }

    private static async Task PrintAsync(QualityJudgement judgement, TextWriter output)
    {
        QualityScoreLine line = QualityScoreLine.Of(judgement);
        string spread = line.Spread is { } known ? FormattableString.Invariant($" ± {known:0.0}") : "";
        await output.WriteLineAsync(FormattableString.Invariant(
            $"S_q {line.Score:0.0}{spread}: {line.Marked} of {line.Samples.Count} samples, {judgement.Model ?? "unknown model"}, prompt {judgement.PromptVersion}")).ConfigureAwait(false);
        foreach (QualityDimension dimension in Enum.GetValues<QualityDimension>())
        {
            await output.WriteLineAsync(FormattableString.Invariant($"  {NameOf(dimension),-18} {judgement.Mean(dimension):0.0} of 5")).ConfigureAwait(false);
        }
    }

    private static string NameOf(QualityDimension dimension) => dimension switch
    {
        QualityDimension.BreadthAndDepth => "Breadth and depth",
        QualityDimension.ReadingExperience => "Reading experience",
        _ => dimension.ToString(),
    };
}

/// <summary>A judge as options name it. Null members were not given.</summary>
/// <param name="Model">Its model.</param>
/// <param name="Samples">Samples for each text.</param>
/// <param name="Temperature">Its temperature.</param>
/// <param name="Seed">Seed of the first sample.</param>
/// <param name="Prompt">Content of a prompt file.</param>
internal sealed record JudgeSettings(ModelChoice Model, int? Samples, float? Temperature, long? Seed, string? Prompt);
