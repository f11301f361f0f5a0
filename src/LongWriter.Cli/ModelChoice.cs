using LongWriter.OpenAI;
using Microsoft.Extensions.AI;

namespace LongWriter.Cli;

/// <summary>Which model the tool writes with.</summary>
/// <param name="Name">Such as "openai:gpt-4o"; null where none was given.</param>
/// <param name="Endpoint">The server's address for an openai: model; null is OpenAI's own.</param>
internal sealed record ModelChoice(string? Name, Uri? Endpoint)
{
    /// <summary>Environment variables that may hold the key, the first that is set counts. Both go to whatever endpoint was named.</summary>
    public static readonly string[] KeyVariables = ["LONGWRITER_API_KEY", "OPENAI_API_KEY"];

    private const string OpenAIPrefix = "openai:";

    /// <summary>Opens the model.</summary>
    /// <exception cref="ArgumentException">No such model.</exception>
    public IChatClient Open()
    {
        if (Name is null)
        {
            throw new ArgumentException("No model was given. Name one with --model openai:NAME, and its server with --endpoint URL.");
        }

        if (!Name.StartsWith(OpenAIPrefix, StringComparison.Ordinal) || Name.Length == OpenAIPrefix.Length)
        {
            throw new ArgumentException($"--model must be openai:NAME but is \"{Name}\".");
        }

        string? key = KeyVariables.Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => !string.IsNullOrEmpty(value));
        return new OpenAIChatClient(new OpenAIChatClientOptions
        {
            Model = Name[OpenAIPrefix.Length..],
            Endpoint = Endpoint,
            ApiKey = key,
        });
    }
}
