using LongWriter.OpenAI;
using LongWriter.Writing;
using Microsoft.Extensions.AI;

namespace LongWriter.Cli;

/// <summary>Which model the tool writes with.</summary>
/// <param name="Name">"openai:NAME", "onnx:FOLDER", or null for the embedded model.</param>
/// <param name="Endpoint">The server's address for an openai: model; null is OpenAI's own.</param>
internal sealed record ModelChoice(string? Name, Uri? Endpoint)
{
    /// <summary>Environment variables that may hold the key, the first that is set counts. Both go to whatever endpoint was named.</summary>
    public static readonly string[] KeyVariables = ["LONGWRITER_API_KEY", "OPENAI_API_KEY"];

    /// <summary>What computes a model of this machine.</summary>
    public LocalCompute Compute { get; init; } = LocalCompute.Default;

    /// <summary>The option that names the model, for messages.</summary>
    public string Option { get; init; } = "--model";

    private const string OpenAIPrefix = "openai:";
    private const string OnnxPrefix = "onnx:";

    /// <summary>Opens the model. A model of this machine says on <see cref="ToolHost.Error"/> how its set-up goes.</summary>
    /// <param name="host">The tool's surroundings.</param>
    /// <param name="replies">Replies that will be asked for at the same time, which a model of this machine generates together.</param>
    /// <param name="cancellationToken">Ends the set-up.</param>
    /// <exception cref="ArgumentException">No such model.</exception>
    public IChatClient Open(ToolHost host, int replies, CancellationToken cancellationToken)
    {
        if (Name is null)
        {
            return Endpoint is null
                ? LocalModel.Open(EmbeddedModel.Folder, replies, Compute, host, cancellationToken)
                : throw new ArgumentException($"--endpoint needs {Option} openai:NAME.");
        }

        if (Name.Length > OnnxPrefix.Length && Name.StartsWith(OnnxPrefix, StringComparison.Ordinal))
        {
            return LocalModel.Open(Path.GetFullPath(Name[OnnxPrefix.Length..]), replies, Compute, host, cancellationToken);
        }

        if (!Name.StartsWith(OpenAIPrefix, StringComparison.Ordinal) || Name.Length == OpenAIPrefix.Length)
        {
            throw new ArgumentException($"{Option} must be openai:NAME or onnx:FOLDER but is \"{Name}\".");
        }

        string? key = KeyVariables.Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => !string.IsNullOrEmpty(value));
        return new OpenAIChatClient(new OpenAIChatClientOptions
        {
            Model = Name[OpenAIPrefix.Length..],
            Endpoint = Endpoint,
            ApiKey = key,
        });
    }

    /// <summary>The writer's options as they suit the model.</summary>
    public AgentWriterOptions Suit(AgentWriterOptions options) => Name is null ? EmbeddedModel.Suit(options) : options;
}
