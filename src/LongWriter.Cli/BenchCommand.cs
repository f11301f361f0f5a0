using System.CommandLine;

namespace LongWriter.Cli;

/// <summary>The bench command: its arguments and options. <see cref="BenchSettingsReader"/> makes settings of them.</summary>
internal static class BenchCommand
{
    public static readonly Argument<string> Suite = new("suite")
    {
        Description = "longbench-write, longwrite-ruler, ruler (prompts that come with the tool), or a file of JSON lines with prompt, type and length.",
    };

    public static readonly Option<string?> Data = ToolOption.Text("--data", "The released file, for longbench-write and longwrite-ruler.");
    public static readonly Option<string?> Subject = ToolOption.Choice(
        "--subject", "Who writes: the bare model (chat), the agent, or both side by side. The default is agent.", "chat", "agent", "both");
    public static readonly Option<string?> Model = ToolOption.Text("--model", "The model that writes: openai:NAME, or onnx:FOLDER for one on this machine. The default is the small model that comes with the tool.");
    public static readonly Option<Uri?> Endpoint = ToolOption.Address("--endpoint", "Address of an OpenAI-compatible server, such as http://localhost:8000/v1.");
    public static readonly Option<int?> Threads = LocalCompute.ThreadsOption();
    public static readonly Option<string?> Device = LocalCompute.DeviceOption();
    public static readonly Option<float?> Temperature = ToolOption.Number("--temperature", 0f, 2f, "Sampling temperature. The default is the model's; the paper's is 0.5.");
    public static readonly Option<int?> MaxTokens = ToolOption.Number("--max-tokens", 1, 10_000_000, "Token limit of a reply of the bare model. The default is as many as the model can.");
    public static readonly Option<int?> ContextTokens = ToolOption.Number(
        "--context-tokens", 512, 100_000_000, "The model's context window in tokens, for the agent, where the model does not say. The default is 32768.");
    public static readonly Option<string?> LengthControl = ToolOption.Choice(
        "--length-control", "Whether the agent measures and corrects lengths while it writes. The default is closed.", "closed", "open");
    public static readonly Option<string?> Judge = ToolOption.Text("--judge", "The model that judges quality, as for --model. Without one, quality is not scored.");
    public static readonly Option<Uri?> JudgeEndpoint = ToolOption.Address("--judge-endpoint", "Address of the judge's server. The default is --endpoint.");
    public static readonly Option<int?> JudgeSamples = ToolOption.Number("--judge-samples", 1, 100, "How often each text is judged. The default is 1.");
    public static readonly Option<string?> JudgePrompt = ToolOption.Text("--judge-prompt", "File that replaces the judge's prompt, with the places $INST$ and $RESPONSE$.");
    public static readonly Option<string?> FailedJudgements = ReportCalls.FailedJudgementsOption();
    public static readonly Option<string?> Out = ToolOption.Text("--out", "Folder of the run: manifest, results and report.", "-o");
    public static readonly Option<bool> Resume = new("--resume") { Description = "Go on with the run in the folder: what is missing is written or judged." };
    public static readonly Option<bool> RetryFailed = new("--retry-failed") { Description = "With --resume: write anew what failed." };
    public static readonly Option<int?> Limit = ToolOption.Number("--limit", 1, 1_000_000, "Only so many prompts, picked evenly over the suite.");
    public static readonly Option<int?> Repeat = ToolOption.Number("--repeat", 1, 1_000, "Texts for each prompt, each with a seed of its own. The default is 1.");
    public static readonly Option<long?> Seed = ToolOption.Number("--seed", long.MinValue, long.MaxValue, "Seed of the run. The default is 0.");
    public static readonly Option<int?> Concurrency = ToolOption.Number("--concurrency", 1, 256, "Texts that are written at the same time. The default is 1.");
    public static readonly Option<string?> Lengths = ToolOption.Text("--lengths", "Lengths of the ruler, such as 500,1000. The default is 500,1000,2000,5000,10000.");
    public static readonly Option<string?> Languages = ToolOption.Text("--languages", "Languages of the ruler. The default is en,zh.");
    public static readonly Option<bool> Nll = new("--nll") { Description = "Measure the likelihood of each text, with the model that writes or else the one that comes with the tool." };
    public static readonly Option<float?> PriceIn = ToolOption.Number("--price-in", 0f, 1_000_000f, "Price of a million input tokens, to tell the cost of the texts.");
    public static readonly Option<float?> PriceOut = ToolOption.Number("--price-out", 0f, 1_000_000f, "Price of a million output tokens.");

    public static Command Build(ToolHost host)
    {
        Out.Required = true;
        var command = new Command("bench", "Runs a benchmark of long writing and reports on it.")
        {
            Suite, Data, Subject, Model, Endpoint, Threads, Device, Temperature, MaxTokens, ContextTokens, LengthControl, Judge, JudgeEndpoint, JudgeSamples, JudgePrompt, FailedJudgements,
            Out, Resume, RetryFailed, Limit, Repeat, Seed, Concurrency, Lengths, Languages, Nll, PriceIn, PriceOut,
        };
        command.SetAction((parsed, cancellationToken) =>
            new BenchRun(new BenchSettingsReader(parsed, host).Read(), host).RunAsync(cancellationToken));
        return command;
    }
}
