using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using LongWriter.Prompts;
using LongWriter.Text;

namespace LongWriter.Scoring;

/// <summary>A judge's prompt and its version. Immutable.</summary>
internal sealed class JudgePrompt
{
    /// <summary>Places of the prompt that asks for six marks; both must occur.</summary>
    public static readonly string[] QualityPlaces = ["INST", "RESPONSE"];

    private readonly PromptTemplate template;

    private JudgePrompt(PromptTemplate template, string version)
    {
        this.template = template;
        Version = version;
    }

    /// <summary>Such as "quality-v1", or "sha256:" and the hash of a user's prompt.</summary>
    public string Version { get; }

    /// <summary>Loads a prompt that ships: Prompts/v1/judge.</summary>
    public static JudgePrompt Load(string name, params string[] places)
    {
        string resource = $"LongWriter.Prompts/{PromptNames.Version}/judge/{name}.txt";
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The prompt {resource} is not embedded in the assembly.");
        using var reader = new StreamReader(stream);
        return new JudgePrompt(PromptTemplate.Parse(reader.ReadToEnd().TrimEnd(), resource, places, places), $"{name}-{PromptNames.Version}");
    }

    /// <summary>Takes a user's prompt; line breaks of either kind give one version.</summary>
    /// <exception cref="FormatException">A place is unknown or missing.</exception>
    public static JudgePrompt FromText(string text, string[] places)
    {
        string plain = text.ReplaceLineEndings("\n").TrimEnd();
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(plain)));
        return new JudgePrompt(PromptTemplate.Parse(plain, "The prompt", places, places), $"sha256:{hash}");
    }

    /// <summary>One sentence that says why a text is no such prompt; null when it is one.</summary>
    public static string? FindError(string text, string[] places)
    {
        try
        {
            FromText(text, places);
            return null;
        }
        catch (FormatException error)
        {
            return error.Message;
        }
    }

    /// <summary>Fills the places.</summary>
    public string Render(params ReadOnlySpan<(string Place, string Value)> values) => template.Render(values);
}
