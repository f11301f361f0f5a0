using System.CommandLine;
using System.Globalization;
using LongWriter.Prompts;
using LongWriter.Writing;
using Microsoft.Extensions.AI;

namespace LongWriter.Cli;

/// <summary>Makes settings of a parsed write command; refuses what does not go together.</summary>
internal sealed class WriteSettingsReader(ParseResult parsed, ToolHost host)
{
    private const int ParallelDegree = 4;

    private readonly string output = parsed.GetValue(WriteCommand.Out) ?? "document.md";

    /// <exception cref="ArgumentException">The arguments do not go together, or one of them cannot be used.</exception>
    /// <exception cref="IOException">A file that an option names is missing.</exception>
    public WriteSettings Read()
    {
        string? instruction = parsed.GetValue(WriteCommand.Instruction);
        bool resume = parsed.GetValue(WriteCommand.Resume);
        RefuseContradictions();
        if (resume ? instruction is not null : string.IsNullOrWhiteSpace(instruction))
        {
            throw new ArgumentException(resume
                ? "--resume takes its instruction from the journal; leave the instruction out."
                : "The instruction must say what to write but is missing or empty.");
        }

        return new WriteSettings
        {
            Instruction = instruction,
            OutputPath = Path.GetFullPath(output),
            Overwrite = parsed.GetValue(WriteCommand.Overwrite),
            JournalFolder = Path.GetFullPath(Journal),
            PlanPath = parsed.GetValue(WriteCommand.Plan),
            PlanOnly = parsed.GetValue(WriteCommand.PlanOnly),
            DryRun = parsed.GetValue(WriteCommand.DryRun),
            Resume = resume,
            Restart = parsed.GetValue(WriteCommand.Restart),
            Json = parsed.GetValue(WriteCommand.Json),
            Model = ReadModel(),
            Request = new RequestSettings(
                parsed.GetValue(WriteCommand.Words), parsed.GetValue(WriteCommand.Notes), parsed.GetValue(WriteCommand.Style),
                parsed.GetValue(WriteCommand.Audience), parsed.GetValue(WriteCommand.Language), ReadHeadings(), parsed.GetValue(WriteCommand.Seed)),
            Writer = ReadModel().Suit(ReadOptions()),
            ResumeCommand = ResumeLine(),
        };
    }

    private string Journal => parsed.GetValue(WriteCommand.Journal) ?? output + ".journal";

    private void RefuseContradictions()
    {
        Option<bool>[] modes = [WriteCommand.PlanOnly, WriteCommand.DryRun, WriteCommand.Resume, WriteCommand.Restart];
        string[] given = [.. modes.Where(parsed.GetValue).Select(mode => mode.Name)];
        if (given.Length > 1)
        {
            throw new ArgumentException($"{given[0]} and {given[1]} cannot be used together.");
        }

        if (parsed.GetValue(WriteCommand.DryRun) && parsed.GetValue(WriteCommand.Json))
        {
            throw new ArgumentException("--dry-run and --json cannot be used together.");
        }
    }

    private ModelChoice ReadModel()
    {
        var choice = new ModelChoice(parsed.GetValue(WriteCommand.Model), parsed.GetValue(WriteCommand.Endpoint))
        {
            Compute = new LocalCompute(parsed.GetValue(WriteCommand.Threads), parsed.GetValue(WriteCommand.Device)),
        };
        return choice.Name is null && choice.Endpoint is null && host.DefaultModel is { } standard ? standard : choice;
    }

    private AgentWriterOptions ReadOptions()
    {
        var options = new AgentWriterOptions
        {
            Context = parsed.GetValue(WriteCommand.Context) == "single-prompt" ? ContextLayout.SinglePrompt : ContextLayout.Conversation,
            Length = parsed.GetValue(WriteCommand.LengthControl) == "open" ? LengthControl.Open : LengthControl.Closed,
            ParallelSections = parsed.GetValue(WriteCommand.Parallel) ? ParallelDegree : 1,
            ChatOptions = parsed.GetValue(WriteCommand.Temperature) is { } temperature ? new ChatOptions { Temperature = temperature } : null,
            PromptFiles = ReadPrompts(),
        };
        options.ContextWindowTokens = parsed.GetValue(WriteCommand.ContextTokens) ?? options.ContextWindowTokens;
        return options;
    }

    private Dictionary<string, string> ReadPrompts()
    {
        var files = new Dictionary<string, string>();
        foreach (string pair in parsed.GetValue(WriteCommand.Prompts)!)
        {
            if (pair.Split('=', 2) is not [{ Length: > 0 } name, { Length: > 0 } file])
            {
                throw new ArgumentException($"--prompt must be NAME=FILE but is \"{pair}\".");
            }

            if (!PromptNames.All.Contains(name))
            {
                throw new ArgumentException($"--prompt must name one of {string.Join(", ", PromptNames.All)} but names \"{name}\".");
            }

            if (!File.Exists(file))
            {
                throw new IOException($"--prompt: {file} does not exist.");
            }

            if (!files.TryAdd(name, file))
            {
                throw new ArgumentException($"--prompt names \"{name}\" twice.");
            }
        }

        return files;
    }

    private HeadingRule? ReadHeadings() => parsed.GetValue(WriteCommand.Headings) switch
    {
        "model" => HeadingRule.Model,
        "none" => HeadingRule.None,
        "from-plan" => HeadingRule.FromPlan,
        _ => null,
    };

    /// <summary>The same command with --resume in place of what the journal knows.</summary>
    private string ResumeLine()
    {
        var line = new List<string> { "write", "--resume", "--out", output };
        Add(WriteCommand.Journal.Name, parsed.GetValue(WriteCommand.Journal));
        Add(WriteCommand.Model.Name, parsed.GetValue(WriteCommand.Model));
        Add(WriteCommand.Endpoint.Name, parsed.GetValue(WriteCommand.Endpoint)?.OriginalString);
        Add(WriteCommand.Threads.Name, parsed.GetValue(WriteCommand.Threads)?.ToString(CultureInfo.InvariantCulture));
        Add(WriteCommand.Device.Name, parsed.GetValue(WriteCommand.Device));
        Add(WriteCommand.Temperature.Name, parsed.GetValue(WriteCommand.Temperature)?.ToString(CultureInfo.InvariantCulture));
        Add(WriteCommand.Context.Name, parsed.GetValue(WriteCommand.Context));
        Add(WriteCommand.LengthControl.Name, parsed.GetValue(WriteCommand.LengthControl));
        Add(WriteCommand.ContextTokens.Name, parsed.GetValue(WriteCommand.ContextTokens)?.ToString(CultureInfo.InvariantCulture));
        foreach (string prompt in parsed.GetValue(WriteCommand.Prompts)!)
        {
            Add(WriteCommand.Prompts.Name, prompt);
        }

        foreach (Option<bool> flag in new[] { WriteCommand.Parallel, WriteCommand.Json, WriteCommand.Overwrite }.Where(parsed.GetValue))
        {
            line.Add(flag.Name);
        }

        return $"{host.Invocation} {ShellLine.Join(line)}";

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                line.Add(name);
                line.Add(value);
            }
        }
    }
}
