using System.CommandLine;

namespace LongWriter.Cli;

/// <summary>The write command: its arguments and options. <see cref="WriteSettingsReader"/> makes settings of them.</summary>
internal static class WriteCommand
{
    public static readonly Argument<string?> Instruction = new("instruction")
    {
        Description = "What to write, with its length: \"Write a 10000-word story about …\". Left out with --resume.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static readonly Option<string?> Out = ToolOption.Text("--out", "The file to write. The default is document.md.", "-o");
    public static readonly Option<bool> Overwrite = new("--overwrite") { Description = "Replace the file when it exists already." };
    public static readonly Option<int?> Words = ToolOption.Number("--words", 1, LengthTarget.MaxValue, "Length in words (字 for Chinese); overrides what the instruction says.");
    public static readonly Option<string?> Plan = ToolOption.Text("--plan", "Follow the plan in this file; --plan-only prints one.");
    public static readonly Option<bool> PlanOnly = new("--plan-only") { Description = "Print the plan and stop." };
    public static readonly Option<bool> DryRun = new("--dry-run") { Description = "Print an estimate of calls and tokens and stop; the model is not called." };
    public static readonly Option<string?> Journal = ToolOption.Text("--journal", "Folder of the run's journal. The default is OUT.journal.");
    public static readonly Option<bool> Resume = new("--resume") { Description = "Continue the run in the journal." };
    public static readonly Option<bool> Restart = new("--restart") { Description = "Set an unfinished run in the journal aside and start anew." };
    public static readonly Option<long?> Seed = ToolOption.Number("--seed", long.MinValue, long.MaxValue, "Seed of the run.");
    public static readonly Option<string?> Context = ToolOption.Choice(
        "--context", "How instruction, plan and text so far reach the model. The default is conversation.", "conversation", "single-prompt");
    public static readonly Option<string?> LengthControl = ToolOption.Choice(
        "--length-control", "Whether lengths are measured and corrected while writing. The default is closed.", "closed", "open");
    public static readonly Option<int?> ContextTokens = ToolOption.Number(
        "--context-tokens", 512, 100_000_000, "The model's context window in tokens, where the model does not say. The default is 32768.");
    public static readonly Option<bool> Parallel = new("--parallel") { Description = "Write four sections at a time, none seeing the others: faster, less coherent." };
    public static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object for each update instead of a view." };
    public static readonly Option<string?> Model = ToolOption.Text("--model", "The model: openai:NAME, or onnx:FOLDER for one on this machine. The default is the small model that comes with the tool.");
    public static readonly Option<Uri?> Endpoint = ToolOption.Address("--endpoint", "Address of an OpenAI-compatible server, such as http://localhost:8000/v1.");
    public static readonly Option<int?> Threads = LocalCompute.ThreadsOption();
    public static readonly Option<string?> Device = LocalCompute.DeviceOption();
    public static readonly Option<float?> Temperature = ToolOption.Number("--temperature", 0f, 2f, "Sampling temperature. The default is the model's.");
    public static readonly Option<string?> Notes = ToolOption.Text("--notes", "File with source notes to base the document on.");
    public static readonly Option<string?> Style = ToolOption.Text("--style", "Style to write in.");
    public static readonly Option<string?> Audience = ToolOption.Text("--audience", "Who reads it.");
    public static readonly Option<string?> Language = ToolOption.Text("--language", "Language to write in. The default is the instruction's.");
    public static readonly Option<string?> Headings = ToolOption.Choice(
        "--headings", "Who writes headings. The default is model.", "model", "none", "from-plan");
    public static readonly Option<string[]> Prompts = new("--prompt")
    {
        Description = "NAME=FILE: replace a prompt by a file. Can be given several times.",
        DefaultValueFactory = _ => [],
    };

    public static Command Build(ToolHost host)
    {
        var command = new Command("write", "Plans a document and writes it, section by section.")
        {
            Instruction, Out, Overwrite, Words, Plan, PlanOnly, DryRun, Journal, Resume, Restart, Seed, Context, ContextTokens, LengthControl, Parallel,
            Json, Model, Endpoint, Threads, Device, Temperature, Notes, Style, Audience, Language, Headings, Prompts,
        };
        command.SetAction((parsed, cancellationToken) =>
            new WriteRunner(new WriteSettingsReader(parsed, host).Read(), host).RunAsync(cancellationToken));
        return command;
    }
}
