using System.Reflection;
using LongWriter.Text;

namespace LongWriter.Prompts;

/// <summary>The prompts of one language, our own unless a file replaces one. Immutable and safe for concurrent use.</summary>
internal sealed class PromptSet
{
    private readonly Dictionary<string, PromptTemplate> templates;

    private PromptSet(bool chinese, Dictionary<string, PromptTemplate> templates)
    {
        IsChinese = chinese;
        this.templates = templates;
    }

    /// <summary>True for the Chinese prompts; plans and step lines are then written in Chinese too.</summary>
    public bool IsChinese { get; }

    public PromptTemplate this[string name] => templates[name];

    /// <summary>Loads the prompts of a language.</summary>
    /// <param name="chinese">Chinese ones, English ones otherwise.</param>
    /// <param name="style">Full ones, or the brief ones for very small models. There are no brief Chinese ones.</param>
    /// <param name="files">Prompt name to path of the file that replaces it; names as in <see cref="PromptNames"/>.</param>
    /// <exception cref="ArgumentException">A name is unknown.</exception>
    /// <exception cref="FormatException">A file holds a place that its prompt does not have.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static PromptSet Load(bool chinese, PromptStyle style = PromptStyle.Full, IReadOnlyDictionary<string, string>? files = null)
    {
        var templates = new Dictionary<string, PromptTemplate>();
        string folder = chinese ? "zh" : style == PromptStyle.Brief ? "brief" : "en";
        foreach (string name in PromptNames.All)
        {
            string resource = $"LongWriter.Prompts/{PromptNames.Version}/{folder}/{name}.txt";
            templates[name] = PromptTemplate.Parse(ReadResource(resource), resource, PromptNames.PlacesOf(name));
        }

        foreach ((string name, string path) in files ?? new Dictionary<string, string>())
        {
            if (!templates.ContainsKey(name))
            {
                throw new ArgumentException(UnknownName(name), nameof(files));
            }

            templates[name] = ReadFile(name, path);
        }

        return new PromptSet(chinese, templates);
    }

    /// <summary>One sentence that says why a file cannot replace a prompt; null when it can.</summary>
    public static string? FindError(string name, string path)
    {
        if (!PromptNames.All.Contains(name))
        {
            return UnknownName(name);
        }

        if (!File.Exists(path))
        {
            return $"PromptFiles[\"{name}\"] must be an existing file but is \"{path}\".";
        }

        try
        {
            ReadFile(name, path);
            return null;
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            return $"PromptFiles[\"{name}\"] cannot be used: {e.Message}";
        }
    }

    private static PromptTemplate ReadFile(string name, string path) =>
        PromptTemplate.Parse(File.ReadAllText(path), path, PromptNames.PlacesOf(name));

    private static string UnknownName(string name) =>
        $"PromptFiles names the prompt \"{name}\"; known are {string.Join(", ", PromptNames.All)}.";

    private static string ReadResource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The prompt {name} is not embedded in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().TrimEnd();
    }
}
