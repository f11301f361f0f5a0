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

        IReadOnlyList<object?> given = ByPlace(name, arguments, line);

        context.Charge(target is string charged ? charged.Length : 1, line);
        return target switch
        {
            string text => OfString(text, name, given, context, line) switch
            {
                string result => TemplateOperators.Text(result, context, line),
                TemplateList parts => Charged(parts, context, line),
                var other => other,
            },
            TemplateMap entries => OfMap(entries, name, given, line),
            _ => throw Unknown(target, name, line),
        };
    }

    /// <summary>"maxsplit" and "sep" are the names that templates use.</summary>
    private static IReadOnlyList<object?> ByPlace(string name, CallArguments arguments, int line)
    {
        if (arguments.Named.Count == 0)
        {
            return arguments.Positional;
        }

        bool splits = name is "split" or "rsplit" && arguments.Positional.Count < 2 && arguments.Named.Keys.All(key => key is "sep" or "maxsplit");
        return splits
            ? [arguments.Find(0, "sep", null), arguments.Find(1, "maxsplit", -1L)]
            : throw new TemplateProblem(line, $"the method '{name}' does not take '{arguments.Named.Keys.First()}' by name.");
    }

    private static object OfString(string text, string name, IReadOnlyList<object?> given, RenderContext context, int line) => (name, given) switch
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
        ("split" or "rsplit", [] or [null] or [null, -1L]) => List(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
        ("split" or "rsplit", [string { Length: > 0 } separator]) => List(text.Split(separator)),
        ("split", [string { Length: > 0 } separator, long most]) => List(most < 0 ? text.Split(separator) : text.Split(separator, (int)Math.Min(most, int.MaxValue - 1) + 1)),
        ("rsplit", [string { Length: > 0 } separator, long most]) => most < 0 ? List(text.Split(separator)) : SplitFromEnd(text, separator, most),
        ("splitlines", []) => Lines(text),
        ("join", [TemplateList parts]) => TemplateOperators.Join(text, [.. parts.Select(part => Part(part, line))], context, line),
        ("count", [string { Length: > 0 } part]) => (long)(text.Split(part).Length - 1),
        ("find", [string part]) => Find(text, text.IndexOf(part, StringComparison.Ordinal)),
        ("rfind", [string part]) => Find(text, text.LastIndexOf(part, StringComparison.Ordinal)),
        ("removeprefix", [string prefix]) => text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text,
        ("removesuffix", [string suffix]) => text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text,
        ("isdigit", []) => text.Length > 0 && text.All(char.IsDigit),
        ("isalpha", []) => text.Length > 0 && text.All(char.IsLetter),
        ("isspace", []) => text.Length > 0 && text.All(char.IsWhiteSpace),
        ("replace", [string { Length: > 0 } old, string replacement]) => TemplateOperators.Join(replacement, text.Split(old), context, line),
        ("replace", [string { Length: > 0 } old, string replacement, long most]) => TemplateOperators.Join(
            replacement, most < 0 ? text.Split(old) : text.Split(old, (int)Math.Min(most, int.MaxValue - 1) + 1), context, line),
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

    private static TemplateList SplitFromEnd(string text, string separator, long most)
    {
        string[] parts = text.Split(separator);
        int joined = (int)Math.Max(1, parts.Length - Math.Min(most, parts.Length));
        return List([string.Join(separator, parts[..joined]), .. parts[joined..]]);
    }

    /// <summary>A line break at the end begins no line.</summary>
    private static TemplateList Lines(string text)
    {
        string[] lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
        return List(lines[^1].Length == 0 ? lines[..^1] : lines);
    }

    private static string Part(object? part, int line)
        => part as string ?? throw new TemplateProblem(line, $"the method 'join' takes texts, not {TemplateValue.TypeOf(part)}.");

    /// <summary>A place counted in code points.</summary>
    private static long Find(string text, int index) => index < 0 ? -1 : text[..index].EnumerateRunes().Count();

    private static TemplateList Charged(TemplateList list, RenderContext context, int line)
    {
        context.Charge((long)list.Count * RenderContext.ItemCost, line);
        return list;
    }

    private static TemplateList List(IEnumerable<string> parts) => new(parts);

    private static TemplateProblem Unknown(object? target, string name, int line)
        => new(line, $"the method '{name}' of {TemplateValue.TypeOf(target)} is not supported with these values.");
}
