using LongWriter.Writing;

namespace LongWriter.Cli;

/// <summary>What the write command was asked to do.</summary>
internal sealed record WriteSettings
{
    /// <summary>The instruction; null when a run is resumed.</summary>
    public string? Instruction { get; init; }

    public required string OutputPath { get; init; }

    public bool Overwrite { get; init; }

    public required string JournalFolder { get; init; }

    public string? PlanPath { get; init; }

    public bool PlanOnly { get; init; }

    public bool DryRun { get; init; }

    public bool Resume { get; init; }

    public bool Restart { get; init; }

    public bool Json { get; init; }

    public required ModelChoice Model { get; init; }

    /// <summary>What the request says beside the instruction; null members were not given.</summary>
    public required RequestSettings Request { get; init; }

    public required AgentWriterOptions Writer { get; init; }

    /// <summary>The command that continues this run, for a shell.</summary>
    public required string ResumeCommand { get; init; }
}

/// <summary>Parts of the request that options carry.</summary>
internal sealed record RequestSettings(
    int? Words, string? NotesPath, string? Style, string? Audience, string? Language, HeadingRule? Headings, long? Seed)
{
    /// <summary>The request with what was given on the command line in place.</summary>
    /// <exception cref="IOException">The source notes cannot be read.</exception>
    public WritingRequest ApplyTo(WritingRequest request, WritingPlan? plan)
    {
        WritingRequest changed = request with
        {
            Plan = plan ?? request.Plan,
            SourceNotes = NotesPath is null ? request.SourceNotes : InputFile.Read("--notes", NotesPath),
            Style = Style ?? request.Style,
            Audience = Audience ?? request.Audience,
            Language = Language ?? request.Language,
            Headings = Headings ?? request.Headings,
            Seed = Seed ?? request.Seed,
        };
        return Words is { } words ? changed with { Length = LengthTarget.Equal(words, AgentWriter.UnitFor(changed)) } : changed;
    }
}
