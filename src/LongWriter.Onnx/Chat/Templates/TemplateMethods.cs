namespace LongWriter.Onnx.Chat.Templates;

/// <summary>Methods of strings and dictionaries, as Python has them.</summary>
internal static class TemplateMethods
{
    public static object? Call(object? target, string name, CallArguments arguments, RenderContext context, int line)
    {
        if (target is TemplateMap map && map[name] is TemplateFunction function)
        {
            return function(arguments, context, line);
        }

        IReadOnlyList<object?> given = arguments.Positional;
        if (arguments.Named.Count > 0)
        {
            throw new TemplateProblem(line, $"the method '{name}' takes no named values here.");
        }

        context.Charge(target is string charged ? charged.Length : 1, line);
        return target switch
        {
            string text => OfString(text, name, given, line) switch
            {
                string result => TemplateOperators.Text(result, context, line),
                TemplateList parts => Charged(parts, context, line),
                var other => other,
            },
            TemplateMap entries => OfMap(entries, name, given, line),
            _ => throw Unknown(target, name, line),
        };
    }

    private static object OfString(string text, string name, IReadOnlyList<object?> given, int line) => (name, given) switch
    {
        ("strip", []) => text.Trim(),
        ("lstrip", []) => text.TrimStart(),
        ("rstrip", []) => text.TrimEnd(),
        ("strip", [string set]) => text.Trim(set.ToCharArray()),
        ("lstrip", [string set]) => text.TrimStart(set.ToCharArray()),
        ("rstrip", [string set]) => text.TrimEnd(set.ToCharArray()),
        ("startswith", [string start]) => text.StartsWith(start, StringComparison.Ordinal),
        ("endswith", [string end]) => text.EndsWith(end, StringComparison.Ordinal),
        ("startswith", [TemplateList starts]) => starts.Exists(start => start is string s && text.StartsWith(s, StringComparison.Ordinal)),
        ("endswith", [TemplateList ends]) => ends.Exists(end => end is string s && text.EndsWith(s, StringComparison.Ordinal)),
        ("split", []) => List(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
        ("split", [string { Length: > 0 } separator]) => List(text.Split(separator)),
        ("split", [string { Length: > 0 } separator, long most]) => List(most < 0 ? text.Split(separator) : text.Split(separator, (int)Math.Min(most, int.MaxValue - 1) + 1)),
        ("replace", [string { Length: > 0 } old, string replacement]) => text.Replace(old, replacement, StringComparison.Ordinal),
        ("upper", []) => text.ToUpperInvariant(),
        ("lower", []) => text.ToLowerInvariant(),
        ("capitalize", []) => TemplateFilters.Capitalize(text),
        ("title", []) => TemplateFilters.Title(text),
        _ => throw Unknown(text, name, line),
    };

    private static object? OfMap(TemplateMap map, string name, IReadOnlyList<object?> given, int line) => (name, given) switch
    {
        ("items", []) => new TemplateList(map.Entries.Select(entry => new TemplateList([entry.Key, entry.Value]))),
        ("keys", []) => new TemplateList(map.Entries.Select(entry => entry.Key)),
        ("values", []) => new TemplateList(map.Entries.Select(entry => entry.Value)),
        ("get", [string key]) => map.Has(key) ? map[key] : null,
        ("get", [string key, var otherwise]) => map.Has(key) ? map[key] : otherwise,
        _ => throw Unknown(map, name, line),
    };

    private static TemplateList Charged(TemplateList list, RenderContext context, int line)
    {
        context.Charge((long)list.Count * RenderContext.ItemCost, line);
        return list;
    }

    private static TemplateList List(IEnumerable<string> parts) => new(parts);

    private static TemplateProblem Unknown(object? target, string name, int line)
        => new(line, $"the method '{name}' of {TemplateValue.TypeOf(target)} is not supported with these values.");
}
