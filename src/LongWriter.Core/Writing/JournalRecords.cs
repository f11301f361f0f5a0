using System.Text.Json;
using System.Text.Json.Serialization;

namespace LongWriter.Writing;

/// <summary>
/// The records of a run's journal, in the form they have on disk. A run is: a request, the calls that planned it, its
/// plan, then for each section its calls and the section, and an end. A resumed run with a changed request begins
/// with a request again; what the document is then starts over from there.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(RequestRecord), "request")]
[JsonDerivedType(typeof(CallRecord), "call")]
[JsonDerivedType(typeof(PlanRecord), "plan")]
[JsonDerivedType(typeof(SectionRecord), "section")]
[JsonDerivedType(typeof(EndRecord), "end")]
internal abstract record JournalRecord
{
    public static JournalRecord Parse(string json, int number)
    {
        try
        {
            JournalRecord record = JsonSerializer.Deserialize(json, JournalJson.Default.JournalRecord)
                ?? throw new JournalException($"Journal record {number}: expected an object, found null.");
            record.Check();
            return record;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
        {
            throw new JournalException($"Journal record {number}: expected a record of a LongWriter run, found something else: {e.Message}", e);
        }
    }

    /// <summary>Finds values that no run writes.</summary>
    /// <exception cref="ArgumentException">There is one.</exception>
    protected virtual void Check()
    {
    }

    public string ToJson() => JsonSerializer.Serialize(this, JournalJson.Default.JournalRecord);
}

/// <summary>What was asked for.</summary>
internal sealed record RequestRecord : JournalRecord
{
    public required string Instruction { get; init; }

    public TargetData? Length { get; init; }

    public PlanData? Plan { get; init; }

    public string? SourceNotes { get; init; }

    public string? Style { get; init; }

    public string? Language { get; init; }

    public string? Audience { get; init; }

    public HeadingRule Headings { get; init; }

    public long? Seed { get; init; }

    public static RequestRecord From(WritingRequest request) => new()
    {
        Instruction = request.Instruction,
        Length = TargetData.From(request.Length),
        Plan = PlanData.From(request.Plan),
        SourceNotes = request.SourceNotes,
        Style = request.Style,
        Language = request.Language,
        Audience = request.Audience,
        Headings = request.Headings,
        Seed = request.Seed,
    };

    public WritingRequest ToRequest() => new()
    {
        Instruction = Instruction,
        Length = Length?.ToTarget(),
        Plan = Plan?.ToPlan(),
        SourceNotes = SourceNotes,
        Style = Style,
        Language = Language,
        Audience = Audience,
        Headings = Headings,
        Seed = Seed,
    };

    protected override void Check() => RequestValidation.ThrowIfUnusable(ToRequest());
}

/// <summary>A completed call and its reply. The key is a hash of everything that shapes the reply; see <see cref="CallKey"/>.</summary>
internal sealed record CallRecord(string Key, string Text, EndCause End, TokenUsage Usage, string? Model) : JournalRecord;

/// <summary>The plan that is being written.</summary>
internal sealed record PlanRecord(
    PlanData Plan, PlanOrigin Origin, TargetData Target, TokenUsage Usage, IReadOnlyList<string> Adjustments) : JournalRecord
{
    public static PlanRecord From(PlanningResult planning) => new(
        PlanData.From(planning.Plan)!, planning.Origin, TargetData.From(planning.Target)!, planning.Usage, planning.Adjustments);

    public PlanningResult ToPlanning() => new(Plan.ToPlan(), Origin, Target.ToTarget(), Usage, Adjustments);

    protected override void Check() => _ = ToPlanning();
}

/// <summary>An accepted section.</summary>
internal sealed record SectionRecord(
    int Index, string Text, int Words, EndCause End, TokenUsage Usage, int AimedWords, long DiscardedTokens) : JournalRecord
{
    protected override void Check() => ArgumentOutOfRangeException.ThrowIfNegative(Index);
}

/// <summary>The end of a run.</summary>
internal sealed record EndRecord(EndCause End, TokenUsage Usage, string? Failure) : JournalRecord;

/// <summary>A <see cref="LengthTarget"/> on disk.</summary>
internal sealed record TargetData(LengthKind Kind, int Minimum, int Maximum, LengthUnit Unit, string Counter)
{
    public static TargetData? From(LengthTarget? target) =>
        target is null ? null : new(target.Kind, target.Minimum, target.Maximum, target.Unit, target.Counter.Name);

    public LengthTarget ToTarget() => Kind switch
    {
        LengthKind.AtLeast => LengthTarget.AtLeast(Minimum, Unit, WordCounter.FromName(Counter)),
        LengthKind.AtMost => LengthTarget.AtMost(Maximum, Unit, WordCounter.FromName(Counter)),
        LengthKind.Range => LengthTarget.Between(Minimum, Maximum, Unit, WordCounter.FromName(Counter)),
        _ => LengthTarget.Equal(Maximum, Unit, WordCounter.FromName(Counter)),
    };
}

/// <summary>A <see cref="WritingPlan"/> on disk.</summary>
internal sealed record PlanData(string? Title, IReadOnlyList<PlanSectionData> Sections)
{
    public static PlanData? From(WritingPlan? plan) => plan is null
        ? null
        : new(plan.Title, [.. plan.Sections.Select(section => new PlanSectionData(section.Heading, section.MainPoint, section.Words, section.Part))]);

    public WritingPlan ToPlan() =>
        new([.. Sections.Select(section => new PlannedSection(section.MainPoint, section.Words) { Heading = section.Heading, Part = section.Part })]) { Title = Title };
}

/// <summary>A <see cref="PlannedSection"/> on disk.</summary>
internal sealed record PlanSectionData(string? Heading, string MainPoint, int Words, int? Part);

// Nulls are written: a field that is missing means a record that is damaged.
[JsonSerializable(typeof(JournalRecord))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
internal sealed partial class JournalJson : JsonSerializerContext;
