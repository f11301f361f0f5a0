using LongWriter.Writing;
using Microsoft.Extensions.AI;

namespace LongWriter.Benchmarking;

/// <summary>An agent writer: plans, then writes section after section.</summary>
/// <remarks>Safe for concurrent use when the writer is. Does not dispose the client.</remarks>
public sealed class AgentSubject : IBenchmarkSubject
{
    private readonly IAgentWriter writer;
    private readonly AgentLength length;

    /// <summary>Makes a subject of a writer.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="options">Options; null selects the defaults.</param>
    public AgentSubject(IAgentWriter writer, AgentSubjectOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        options ??= new AgentSubjectOptions();
        this.writer = writer;
        length = options.Length;
        var described = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["length"] = length.ToString() };
        foreach ((string name, string value) in options.WriterOptions)
        {
            described[name] = value;
        }

        Manifest = new SubjectManifest(options.Name, "agent", options.Model, described);
    }

    /// <inheritdoc/>
    public SubjectManifest Manifest { get; }

    /// <summary>Makes a writer over a client and a subject of it; the manifest then records every option of the writer.</summary>
    /// <param name="client">The client.</param>
    /// <param name="writerOptions">Options of the writer; null selects the defaults.</param>
    /// <param name="options">Options of the subject; null selects the defaults.</param>
    /// <param name="timeProvider">The clock; null selects the system's.</param>
    /// <returns>The subject.</returns>
    /// <exception cref="ArgumentException">Options of the writer are out of range; the message names all of them.</exception>
    public static AgentSubject Create(
        IChatClient client, AgentWriterOptions? writerOptions = null, AgentSubjectOptions? options = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        writerOptions ??= new AgentWriterOptions();
        options ??= new AgentSubjectOptions();
        return new AgentSubject(new AgentWriter(client, writerOptions, timeProvider: timeProvider), options with
        {
            Model = options.Model ?? writerOptions.ChatOptions?.ModelId ?? client.GetService<ChatClientMetadata>()?.DefaultModelId,
            WriterOptions = SubjectOptionsText.Of(writerOptions),
        });
    }

    /// <inheritdoc/>
    public async Task<SubjectReply> WriteAsync(BenchmarkItem item, long seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(item);
        var request = new WritingRequest { Instruction = item.Prompt, Seed = seed };
        if (length == AgentLength.Required)
        {
            request = request with { Length = LengthTarget.Equal(item.RequiredWords, AgentWriter.UnitFor(request)) };
        }

        WrittenDocument document = await writer.WriteAsync(request, cancellationToken: cancellationToken).ConfigureAwait(false);
        return new SubjectReply
        {
            Text = document.Text,
            End = document.End,
            Failure = document.Failure ?? (document.Text.Length == 0 ? "The writer gave no text." : null),
            Usage = document.Usage,
            DiscardedTokens = document.DiscardedTokens,
            Sections = [.. document.Sections.Select(section => new SectionLength(section.AimedWords, WordCounter.Compatible.Count(section.Text)))],
        };
    }
}

/// <summary>Where the agent's length comes from.</summary>
public enum AgentLength
{
    /// <summary>The writer reads it from the instruction, as it does for its users; where none is said it chooses.</summary>
    Instruction,

    /// <summary>The item's required length is handed to the writer.</summary>
    Required,
}

/// <summary>Options of <see cref="AgentSubject"/>. Immutable.</summary>
public sealed record AgentSubjectOptions
{
    /// <summary>Name in results and reports; unique in the run. The default is "agent".</summary>
    public string Name { get; init; } = "agent";

    /// <summary>Name of the model in the manifest. Null: what the client says, where there is one.</summary>
    public string? Model { get; init; }

    /// <summary>Where the length comes from. The default is <see cref="AgentLength.Instruction"/>.</summary>
    public AgentLength Length { get; init; } = AgentLength.Instruction;

    /// <summary>Options of the writer for the manifest, name and value in the invariant culture. The default is none.</summary>
    public IReadOnlyDictionary<string, string> WriterOptions { get; init; } = new Dictionary<string, string>();
}
