using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace LongWriter.Text;

/// <summary>
/// A prompt text with named places: <c>$INST$</c>, <c>$PLAN$</c> and so on, capitals and underscores between two dollars. Filling is one pass, so a
/// value that contains <c>$PLAN$</c> stays as it is. A place that stands alone on its line and is filled with nothing takes its line with it.
/// Anything else with a dollar is text. Immutable; safe for concurrent use.
/// Source: the places of agentwrite/prompts, THUDM/LongWriter 3fcfdff. Difference: there, replacements are chained and see each other's values.
/// </summary>
internal sealed partial class PromptTemplate
{
    private readonly string name;
    private readonly string tail;
    private readonly Part[] parts;
    private readonly HashSet<string> known;

    private PromptTemplate(string name, Part[] parts, string tail, HashSet<string> known)
    {
        this.name = name;
        this.parts = parts;
        this.tail = tail;
        this.known = known;
        Places = parts.Select(static part => part.Place).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The places that occur, without dollars.</summary>
    public IReadOnlySet<string> Places { get; }

    /// <summary>Reads a template.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">The file or resource it is from, for messages.</param>
    /// <param name="known">Names of the places that can be filled, without dollars.</param>
    /// <param name="required">Names of the places that must occur; null for none.</param>
    /// <exception cref="FormatException">The text has a place that is not known, or lacks one that is required.</exception>
    public static PromptTemplate Parse(string text, string name, IReadOnlyCollection<string> known, IReadOnlyCollection<string>? required = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(known);
        List<Part> parts = [];
        int literal = 0;
        foreach (Match match in PlacePattern().Matches(text))
        {
            string place = match.Value[1..^1];
            if (!known.Contains(place))
            {
                int line = 1 + text.AsSpan(0, match.Index).Count('\n');
                throw new FormatException(string.Create(
                    CultureInfo.InvariantCulture, $"{name}:{line}: the place {match.Value} is not known; known are {Listed(known)}."));
            }

            (int start, int end) = Line(text, match.Index, match.Index + match.Length) ?? (match.Index, match.Index + match.Length);
            parts.Add(new Part(text[literal..start], text[start..match.Index], place, text[(match.Index + match.Length)..end]));
            literal = end;
        }

        PromptTemplate template = new(name, [.. parts], text[literal..], known.ToHashSet(StringComparer.Ordinal));
        string[] missing = [.. (required ?? []).Where(place => !template.Places.Contains(place))];
        return missing.Length == 0
            ? template
            : throw new FormatException($"{name}: the place{(missing.Length == 1 ? "" : "s")} {Listed(missing)} must occur but {(missing.Length == 1 ? "does" : "do")} not.");
    }

    /// <summary>Fills the places.</summary>
    /// <param name="values">A value for each place that occurs; values for other known places are not used.</param>
    /// <exception cref="ArgumentException">A place has no value, or a value is for a place that is not known.</exception>
    public string Render(IReadOnlyDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Keys.FirstOrDefault(place => !known.Contains(place)) is string unknown)
        {
            throw new ArgumentException($"{name}: a value was given for ${unknown}$, which is not known; known are {Listed(known)}.", nameof(values));
        }

        StringBuilder rendered = new();
        foreach (Part part in parts)
        {
            if (!values.TryGetValue(part.Place, out string? value))
            {
                throw new ArgumentException($"{name}: the place ${part.Place}$ has no value.", nameof(values));
            }

            rendered.Append(part.Literal);
            if (value.Length > 0 || part.Before.Length + part.After.Length == 0)
            {
                rendered.Append(part.Before).Append(value).Append(part.After);
            }
        }

        return rendered.Append(tail).ToString();
    }

    /// <inheritdoc cref="Render(IReadOnlyDictionary{string, string})"/>
    public string Render(params ReadOnlySpan<(string Place, string Value)> values)
    {
        Dictionary<string, string> byPlace = new(values.Length, StringComparer.Ordinal);
        foreach ((string place, string value) in values)
        {
            byPlace[place] = value;
        }

        return Render(byPlace);
    }

    /// <summary>A place, the text before it, and what it stands between on a line of its own: blanks, and the line break behind.</summary>
    private readonly record struct Part(string Literal, string Before, string Place, string After);

    /// <summary>The whole line with its break when nothing but the place is on it, else null.</summary>
    private static (int Start, int End)? Line(string text, int start, int end)
    {
        while (start > 0 && text[start - 1] is ' ' or '\t')
        {
            start--;
        }

        while (end < text.Length && text[end] is ' ' or '\t' or '\r')
        {
            end++;
        }

        bool isAlone = (start == 0 || text[start - 1] == '\n') && (end == text.Length || text[end] == '\n');
        return isAlone ? (start, Math.Min(end + 1, text.Length)) : null;
    }

    private static string Listed(IEnumerable<string> places) =>
        string.Join(", ", places.Order(StringComparer.Ordinal).Select(static place => $"${place}$"));

    [GeneratedRegex(@"\$[A-Z_]+\$")]
    private static partial Regex PlacePattern();
}
