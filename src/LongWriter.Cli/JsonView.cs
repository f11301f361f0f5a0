using System.Text.Json;
using System.Text.Json.Serialization;

namespace LongWriter.Cli;

/// <summary>One JSON object for each update, for programs. The fields are documented in docs/guide-writing.md.</summary>
internal sealed class JsonView(TextWriter output) : IWritingView
{
    public void Show(WritingUpdate update)
    {
        UpdateLine line = update switch
        {
            PlanReady plan => Plan(plan.Planning),
            PlanRevised revised => Plan(revised.Planning) with { Message = revised.Reason },
            SectionStarted section => new UpdateLine("section") { Section = section.SectionIndex },
            TextDrafted text => new UpdateLine("draft") { Section = text.SectionIndex, Text = text.Text },
            TextRetracted text => new UpdateLine("retract") { Section = text.SectionIndex, Chars = text.CharCount, Message = text.Reason },
            SectionAccepted { Section: var section } => new UpdateLine("accept")
            {
                Section = section.Index,
                Text = section.Text,
                Words = section.Words,
                Aim = section.AimedWords,
                End = section.End.ToString(),
                InputTokens = section.Usage.InputTokens,
                OutputTokens = section.Usage.OutputTokens,
                DiscardedTokens = section.DiscardedTokens,
            },
            WritingNoted note => new UpdateLine("note") { Section = note.SectionIndex, Message = note.Message, Kind = note.Kind.ToString() },
            DocumentEnded ended => new UpdateLine("end")
            {
                End = ended.End.ToString(),
                Message = ended.Failure ?? ended.Length?.Reason,
                Target = ended.Length?.Target.ToString(),
                Words = ended.Length?.ProducedWords,
                LengthMet = ended.Length?.IsMet,
                InputTokens = ended.Usage.InputTokens,
                OutputTokens = ended.Usage.OutputTokens,
            },
            _ => throw new InvalidOperationException($"No JSON form for {update.GetType().Name}."),
        };
        output.WriteLine(JsonSerializer.Serialize(line, UpdateJson.Default.UpdateLine));
    }

    public void Dispose() => output.Flush();

    private static UpdateLine Plan(PlanningResult planning) => new("plan")
    {
        Plan = [.. planning.Plan.Sections.Select(section => new PlanLine(section.Heading, section.MainPoint, section.Words))],
        Target = planning.Target.ToString(),
        Origin = planning.Origin.ToString(),
    };
}

/// <summary>An update as a line of JSON; members that say nothing are left out.</summary>
internal sealed record UpdateLine(string Type)
{
    public int? Section { get; init; }

    public string? Text { get; init; }

    public int? Chars { get; init; }

    public int? Words { get; init; }

    public int? Aim { get; init; }

    public bool? LengthMet { get; init; }

    public string? Kind { get; init; }

    public string? Message { get; init; }

    public string? End { get; init; }

    public long? InputTokens { get; init; }

    public long? OutputTokens { get; init; }

    public long? DiscardedTokens { get; init; }

    public string? Target { get; init; }

    public string? Origin { get; init; }

    public IReadOnlyList<PlanLine>? Plan { get; init; }
}

/// <summary>A section of the plan as JSON.</summary>
internal sealed record PlanLine(string? Heading, string MainPoint, int Words);

[JsonSerializable(typeof(UpdateLine))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class UpdateJson : JsonSerializerContext;
