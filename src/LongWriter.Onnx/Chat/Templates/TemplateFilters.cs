using System.Globalization;

namespace LongWriter.Onnx.Chat.Templates;

/// <summary>What can stand after "|".</summary>
internal static class TemplateFilters
{
    private static readonly HashSet<string> Names =
    [
        "trim", "length", "count", "upper", "lower", "capitalize", "title", "tojson", "default", "d", "first", "last", "join", "replace", "list",
        "items", "string", "int", "float", "abs", "reverse", "map", "select", "reject", "selectattr", "rejectattr", "safe",
    ];

    /// <summary>Filters that make a list of a string's characters.</summary>
    private static readonly HashSet<string> Iterating = ["join", "first", "last", "list", "reverse", "map", "select", "reject", "selectattr", "rejectattr"];

    public static void Require(string name, int line)
    {
        if (!Names.Contains(name))
        {
            throw new TemplateProblem(line, $"the filter '{name}' is not supported.");
        }
    }

    public static object? Apply(string name, object? value, CallArguments arguments, RenderContext context, int line)
    {
        if (value is string characters && Iterating.Contains(name))
        {
            context.Charge((long)characters.Length * RenderContext.ItemCost, line);
        }

        object? result = Apply(name, value, arguments, line);
        context.Charge(result switch { string text => text.Length, TemplateList list => (long)list.Count * RenderContext.ItemCost, _ => 1 }, line);
        return result;
    }

    public static string Capitalize(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    public static string Title(string text)
    {
        char[] units = text.ToLowerInvariant().ToCharArray();
        for (int i = 0; i < units.Length; i++)
        {
            units[i] = i == 0 || !char.IsLetter(units[i - 1]) ? char.ToUpperInvariant(units[i]) : units[i];
        }

        return new string(units);
    }

    private static object? Apply(string name, object? value, CallArguments arguments, int line)
    {
        IReadOnlyList<object?> given = arguments.Positional;
        switch (name)
        {
            case "default" or "d":
                bool falsyToo = given.Count > 1 ? TemplateValue.IsTrue(given[1]) : arguments.Named.TryGetValue("boolean", out object? flag) && TemplateValue.IsTrue(flag);
                object? fallback = given.Count > 0 ? given[0] : arguments.Named.GetValueOrDefault("default_value", "");
                return value is Undefined || (falsyToo && !TemplateValue.IsTrue(value)) ? fallback : value;
            case "tojson":
                object? indent = given.Count > 0 ? given[0] : arguments.Named.GetValueOrDefault("indent");
                return TemplateJson.Write(value, indent is long width ? (int)Math.Clamp(width, 0, 16) : null, line);
            case "string" or "safe":
                return TemplateValue.ToText(value);
            case "trim" when given.Count == 0:
                return TemplateValue.ToText(value).Trim();
            case "upper":
                return TemplateValue.ToText(value).ToUpperInvariant();
            case "lower":
                return TemplateValue.ToText(value).ToLowerInvariant();
            case "capitalize":
                return Capitalize(TemplateValue.ToText(value));
            case "title":
                return Title(TemplateValue.ToText(value));
            case "replace" when given is [string { Length: > 0 } old, string replacement]:
                return TemplateValue.ToText(value).Replace(old, replacement, StringComparison.Ordinal);
            case "int" or "float" or "abs":
                return Number(name, value, given, line);
            case "items" when value is TemplateMap map:
                return new TemplateList(map.Entries.Select(entry => new TemplateList([entry.Key, entry.Value])));
            case "length" or "count" when value is string text:
                return (long)text.EnumerateRunes().Count();
            case "length" or "count" when value is TemplateList or TemplateMap or Undefined:
                return (long)TemplateOperators.Items(value, line).Count;
            case "join":
                string separator = given.Count > 0 ? TemplateValue.ToText(given[0]) : "";
                return string.Join(separator, TemplateOperators.Items(value, line).Select(TemplateValue.ToText));
            case "first":
                return TemplateOperators.Items(value, line) is [var first, ..] ? first : Undefined.Value;
            case "last":
                return TemplateOperators.Items(value, line) is [.., var last] ? last : Undefined.Value;
            case "list":
                return new TemplateList(TemplateOperators.Items(value, line));
            case "reverse":
                IEnumerable<object?> reversed = TemplateOperators.Items(value, line).AsEnumerable().Reverse();
                return value is string ? string.Concat(reversed) : new TemplateList(reversed);
            case "map":
                return Map(value, arguments, line);
            case "select" or "reject" or "selectattr" or "rejectattr":
                return Select(name, value, given, line);
            default:
                throw new TemplateProblem(line, $"the filter '{name}' does not take {TemplateValue.TypeOf(value)} with these values.");
        }
    }

    private static object Number(string name, object? value, IReadOnlyList<object?> given, int line)
    {
        double? number = value is string text && double.TryParse(text.Trim(), CultureInfo.InvariantCulture, out double parsed) ? parsed : TemplateValue.AsNumber(value);
        return name switch
        {
            "abs" when value is long whole => (object)Math.Abs(Math.Max(whole, -long.MaxValue)),
            "abs" when value is double fraction => (object)Math.Abs(fraction),
            "float" => (object)(number ?? (given.Count > 0 ? TemplateValue.AsNumber(given[0]) : null) ?? 0.0),
            "int" when value is long whole => (object)whole,
            "int" when number is { } finite && double.IsFinite(finite) && Math.Abs(finite) < 9e18 => (object)(long)Math.Truncate(finite),
            "int" => (object)(given is [long otherwise] ? otherwise : 0L),
            _ => throw new TemplateProblem(line, $"the filter '{name}' takes a number, not {TemplateValue.TypeOf(value)}."),
        };
    }

    private static TemplateList Map(object? value, CallArguments arguments, int line)
    {
        List<object?> items = TemplateOperators.Items(value, line);
        if (arguments.Named.TryGetValue("attribute", out object? attribute))
        {
            object? otherwise = arguments.Named.GetValueOrDefault("default", Undefined.Value);
            return new TemplateList(items.Select(item => TemplateOperators.Index(item, attribute, line) is var found && found is Undefined ? otherwise : found));
        }

        if (arguments.Positional is not [string filter, ..])
        {
            throw new TemplateProblem(line, "the filter 'map' takes a filter's name or attribute=.");
        }

        Require(filter, line);
        var rest = new CallArguments([.. arguments.Positional.Skip(1)], arguments.Named);
        return filter is "map" or "select" or "reject" or "selectattr" or "rejectattr"
            ? throw new TemplateProblem(line, $"the filter 'map' does not take '{filter}'.")
            : new TemplateList(items.Select(item => Apply(filter, item, rest, line)));
    }

    private static TemplateList Select(string name, object? value, IReadOnlyList<object?> given, int line)
    {
        bool byAttribute = name.EndsWith("attr", StringComparison.Ordinal);
        if (byAttribute && given is not [string, ..])
        {
            throw new TemplateProblem(line, $"the filter '{name}' takes an attribute's name.");
        }

        List<object?> tests = [.. given.Skip(byAttribute ? 1 : 0)];
        string? test = tests.Count == 0 ? null : tests[0] is "==" ? "eq" : tests[0] is "!=" ? "ne" : tests[0] as string ?? throw new TemplateProblem(line, $"the filter '{name}' takes a test's name.");
        bool keeps = name[0] == 's';
        return new TemplateList(TemplateOperators.Items(value, line).FindAll(item =>
        {
            object? subject = byAttribute ? TemplateOperators.Index(item, given[0], line) : item;
            bool holds = test is null ? TemplateValue.IsTrue(subject) : TemplateTests.Holds(test, subject, [.. tests.Skip(1)], line);
            return holds == keeps;
        }));
    }
}
