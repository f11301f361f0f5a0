using System.CommandLine;
using LongWriter.Writing;
using Microsoft.Extensions.AI;

namespace LongWriter.Cli;

/// <summary>The write command: its arguments, and from them the settings.</summary>
internal static class WriteCommand
{
    private static readonly Argument<string?> Instruction = new("instruction")
    {
        Description = "What to write, with its length: \"Write a 10000-word story about …\". Not needed with --resume.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> Out = new("--out", "-o") { Description = "The file to write.", DefaultValueFactory = _ => "document.md" };
    private static readonly Option<int?> Words = new("--words") { Description = "Length in words (字 for Chinese); overrides what the instruction says." };
    private static readonly Option<string?> Plan = new("--plan") { Description = "Follow the plan in this file; --plan-only writes one." };
    private static readonly Option<bool> PlanOnly = new("--plan-only") { Description = "Print the plan and stop." };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Print an estimate of calls and tokens and stop." };
    private static readonly Option<string?> Journal = new("--journal") { Description = "Folder of the run's journal. The default is OUT.journal." };
    private static readonly Option<bool> Resume = new("--resume") { Description = "Continue the run in the journal." };
    private static readonly Option<bool> Restart = new("--restart") { Description = "Set an unfinished run in the journal aside and start anew." };
    private static readonly Option<long?> Seed = new("--seed") { Description = "Seed of the run." };
    private static readonly Option<string> Context = new("--context") { Description = "conversation or single-prompt.", DefaultValueFactory = _ => "conversation" };
    private static readonly Option<int?> ContextTokens = new("--context-tokens") { Description = "The model's context window, where the model does not say." };
    private static readonly Option<bool> Parallel = new("--parallel") { Description = "Write four sections at a time, none seeing the others: faster, less coherent." };
    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object for each update instead of a view." };
    private static readonly Option<string?> Model = new("--model") { Description = "The model: openai:NAME." };
    private static readonly Option<Uri?> Endpoint = new("--endpoint") { Description = "Address of an OpenAI-compatible server, such as http://localhost:8000/v1." };
    private static readonly Option<float?> Temperature = new("--temperature") { Description = "Sampling temperature. The default is the model's." };
    private static readonly Option<string?> Notes = new("--notes") { Description = "File with source notes to base the document on." };
    private static readonly Option<string?> Style = new("--style") { Description = "Style to write in." };
    private static readonly Option<string?> Audience = new("--audience") { Description = "Who reads it." };
    private static readonly Option<string?> Language = new("--language") { Description = "Language to write in. The default is the instruction's." };
    private static readonly Option<string?> Headings = new("--headings") { Description = "model, none or from-plan." };
    private static readonly Option<string[]> Prompts = new("--prompt") { Description = "NAME=FILE: replace a prompt by a file. Can be given several times.", DefaultValueFactory = _ => [] };

    public static Command Build(ToolConsole console)
    {
        Context.AcceptOnlyFromAmong("conversation", "single-prompt");
        Headings.AcceptOnlyFromAmong("model", "none", "from-plan");
        var command = new Command("write", "Plans a document and writes it, section by section.") { Instruction };
        foreach (Option option in new Option[]
        {
            Out, Words, Plan, PlanOnly, DryRun, Journal, Resume, Restart, Seed, Context, ContextTokens, Parallel, Json, Model,
            Endpoint, Temperature, Notes, Style, Audience, Language, Headings, Prompts,
        })
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellationToken) => new WriteRunner(Read(parsed), console).RunAsync(cancellationToken));
        return command;
    }

    private static WriteSettings Read(ParseResult parsed)
    {
        string output = Path.GetFullPath(parsed.GetValue(Out)!);
        string journal = parsed.GetValue(Journal) ?? parsed.GetValue(Out)! + ".journal";
        bool resume = parsed.GetValue(Resume);
        string? instruction = parsed.GetValue(Instruction);
        if (resume ? instruction is not null : string.IsNullOrWhiteSpace(instruction))
        {
            throw new ArgumentException(resume
                ? "--resume takes its instruction from the journal; leave the instruction out."
                : "The instruction must say what to write but is missing or empty.");
        }

        return new WriteSettings
        {
            Instruction = instruction,
            OutputPath = output,
            JournalFolder = Path.GetFullPath(journal),
            PlanPath = parsed.GetValue(Plan),
            PlanOnly = parsed.GetValue(PlanOnly),
            DryRun = parsed.GetValue(DryRun),
            Resume = resume,
            Restart = parsed.GetValue(Restart),
            Json = parsed.GetValue(Json),
            Model = new ModelChoice(parsed.GetValue(Model), parsed.GetValue(Endpoint)),
            Request = new RequestSettings(
                parsed.GetValue(Words), parsed.GetValue(Notes), parsed.GetValue(Style), parsed.GetValue(Audience),
                parsed.GetValue(Language), ReadHeadings(parsed.GetValue(Headings)), parsed.GetValue(Seed)),
            Writer = ReadOptions(parsed),
            ResumeCommand = ResumeLine(parsed, journal),
        };
    }

    private static AgentWriterOptions ReadOptions(ParseResult parsed)
    {
        var options = new AgentWriterOptions
        {
            Context = parsed.GetValue(Context) == "conversation" ? ContextLayout.Conversation : ContextLayout.SinglePrompt,
            ParallelSections = parsed.GetValue(Parallel) ? 4 : 1,
            ChatOptions = parsed.GetValue(Temperature) is { } temperature ? new ChatOptions { Temperature = temperature } : null,
            PromptFiles = parsed.GetValue(Prompts)!.ToDictionary(
                pair => pair.Split('=', 2)[0],
                pair => pair.Split('=', 2) is [_, { Length: > 0 } file] ? file : throw new ArgumentException($"--prompt must be NAME=FILE but is \"{pair}\".")),
        };
        options.ContextWindowTokens = parsed.GetValue(ContextTokens) ?? options.ContextWindowTokens;
        options.Validate();
        return options;
    }

    private static HeadingRule? ReadHeadings(string? value) => value switch
    {
        "model" => HeadingRule.Model,
        "none" => HeadingRule.None,
        "from-plan" => HeadingRule.FromPlan,
        _ => null,
    };

    /// <summary>The same command with --resume instead of what the journal knows.</summary>
    private static string ResumeLine(ParseResult parsed, string journal)
    {
        var line = new List<string> { "longwriter", "write", "--resume", "--out", parsed.GetValue(Out)!, "--journal", journal };
        Add("--model", parsed.GetValue(Model));
        Add("--endpoint", parsed.GetValue(Endpoint)?.OriginalString);
        Add("--temperature", parsed.GetValue(Temperature)?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Add("--context", parsed.GetValue(Context) == "conversation" ? null : parsed.GetValue(Context));
        Add("--context-tokens", parsed.GetValue(ContextTokens)?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        foreach (string prompt in parsed.GetValue(Prompts)!)
        {
            Add("--prompt", prompt);
        }

        if (parsed.GetValue(Parallel))
        {
            line.Add("--parallel");
        }

        return string.Join(' ', line.Select(Quote));

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                line.Add(name);
                line.Add(value);
            }
        }
    }

    private static string Quote(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=@%+,".Contains(c, StringComparison.Ordinal))
            ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
