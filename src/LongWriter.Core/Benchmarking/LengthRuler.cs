using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using LongWriter.Text;

namespace LongWriter.Benchmarking;

/// <summary>
/// A ruler that ships: six plain requests in English and in Chinese, each at the lengths one likes, to see how long a model can write.
/// The prompts are our own and lie in the assembly as a data file.
/// </summary>
public static class LengthRuler
{
    /// <summary>"ruler".</summary>
    public const string Name = "ruler";

    private const string Resource = "LongWriter.Benchmarking/ruler-v1.json";

    private static readonly Lazy<RulerFile> Data = new(ReadFile);

    /// <summary>Version of the prompts, such as "v1".</summary>
    public static string Version => Data.Value.Version;

    /// <summary>Lengths where none are given: 500, 1000, 2000, 5000 and 10000.</summary>
    public static IReadOnlyList<int> DefaultLengths { get; } = [500, 1_000, 2_000, 5_000, 10_000];

    /// <summary>Languages there are prompts in: "en" and "zh".</summary>
    public static IReadOnlyList<string> Languages { get; } = [SuiteLanguage.English, SuiteLanguage.Chinese];

    /// <summary>Makes the suite: every request at every length, by length. Each length has a bin of its own.</summary>
    /// <param name="lengths">Words or 字, 1 to 1000000 each, none twice; null selects <see cref="DefaultLengths"/>.</param>
    /// <param name="languages">Of <see cref="Languages"/>, none twice; null selects all.</param>
    /// <returns>The suite; its version says lengths and languages too.</returns>
    /// <exception cref="ArgumentException">Lengths or languages cannot be used; the message lists every problem.</exception>
    public static BenchmarkSuite Create(IReadOnlyList<int>? lengths = null, IReadOnlyList<string>? languages = null)
    {
        lengths ??= DefaultLengths;
        languages ??= Languages;
        RefuseUnusable(lengths, languages);
        int[] ascending = [.. lengths.Order()];
        string[] chosen = [.. Languages.Where(languages.Contains)];
        return new BenchmarkSuite
        {
            Name = Name,
            Version = string.Create(CultureInfo.InvariantCulture, $"{Version}, lengths {string.Join(' ', ascending)}, languages {string.Join(' ', chosen)}"),
            Items = [.. ascending.SelectMany(length => Data.Value.Templates.Where(template => chosen.Contains(template.Language)).Select(template => Item(template, length)))],
            BinEdges = [0, .. ascending.Skip(1)],
        };
    }

    private static BenchmarkItem Item(RulerTemplate template, int length) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"{Name}-{template.Language}-{template.Topic}-{length:0000000}"),
        Prompt = PromptTemplate.Parse(template.Prompt, Resource, ["LENGTH"], ["LENGTH"]).Render(("LENGTH", length.ToString(CultureInfo.InvariantCulture))),
        Language = template.Language,
        Type = template.Type,
        RequiredWords = length,
    };

    private static void RefuseUnusable(IReadOnlyList<int> lengths, IReadOnlyList<string> languages)
    {
        var errors = new List<string>();
        if (lengths.Count == 0 || lengths.Any(length => length is < 1 or > LengthTarget.MaxValue) || lengths.Distinct().Count() != lengths.Count)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"The lengths must be numbers from 1 to {LengthTarget.MaxValue}, none twice, but are \"{string.Join(',', lengths)}\"."));
        }

        if (languages.Count == 0 || languages.Any(language => !Languages.Contains(language)) || languages.Distinct().Count() != languages.Count)
        {
            errors.Add($"The languages must be of {string.Join(", ", Languages)}, none twice, but are \"{string.Join(',', languages)}\".");
        }

        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors));
        }
    }

    private static RulerFile ReadFile()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The prompts {Resource} are not embedded in the assembly.");
        return JsonSerializer.Deserialize(stream, RulerJson.Default.RulerFile)!;
    }
}

/// <summary>The data file of the ruler.</summary>
internal sealed record RulerFile(string Version, string Origin, IReadOnlyList<RulerTemplate> Templates);

/// <summary>A request; $LENGTH$ in its prompt stands for the length.</summary>
internal sealed record RulerTemplate(string Topic, string Language, string Type, string Prompt);

[JsonSerializable(typeof(RulerFile))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
internal sealed partial class RulerJson : JsonSerializerContext;
