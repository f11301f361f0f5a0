using System.Globalization;

namespace LongWriter.Onnx.Chat.Templates;

/// <summary>What can stand after "|".</summary>
internal static class TemplateFilters
{
    private static readonly HashSet<string> Names =
    [
        "trim", "length", "count", "upper", "lower", "capitalize", "title", "tojson", "default", "d", "first", "last", "join", "replace", "list",
        "items", "dictsort", "sort", "unique", "min", "max", "sum", "indent", "string", "int", "float", "abs", "reverse", "map", "select", "reject", "selectattr", "rejectattr", "safe",
    ];

    /// <summary>Filters that make a list of a string's characters.</summary>
    private static readonly HashSet<string> Iterating = ["join", "first", "last", "list", "reverse", "map", "select", "reject", "selectattr", "rejectattr", "sort", "unique", "min", "max", "sum"];

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

        object? result = Compute(name, value, arguments, context, line);
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

    /// <summary>The filter's rule, unlike the method's: an apostrophe ends no word.</summary>
    private static string TitleWords(string text)
    {
        char[] units = text.ToLowerInvariant().ToCharArray();
        for (int i = 0; i < units.Length; i++)
        {
            bool begins = i == 0 || char.IsWhiteSpace(units[i - 1]) || units[i - 1] is '-' or '(' or '{' or '[' or '<';
            units[i] = begins ? char.ToUpperInvariant(units[i]) : units[i];
        }

        return new string(units);
    }

    private static object? Compute(string name, object? value, CallArguments arguments, RenderContext context, int line)
    {
        IReadOnlyList<object?> given = arguments.Positional;
        switch (name)
        {
            case "default" or "d":
                bool falsyToo = TemplateValue.IsTrue(arguments.Find(1, "boolean", false));
                object? fallback = arguments.Find(0, "default_value", "");
                return value is Undefined || (falsyToo && !TemplateValue.IsTrue(value)) ? fallback : value;
            case "tojson":
                return TemplateJson.Write(value, JsonForm.From(arguments, line), line);
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
                return TitleWords(TemplateValue.ToText(value));
            case "replace" when given is [string { Length: > 0 }, string] or [string { Length: > 0 }, string, long]:
                return TemplateMethods.Call(TemplateValue.ToText(value), name, arguments, context, line);
            case "int" or "float" or "abs":
                return Number(name, value, arguments.Find(0, "default", null), line);
            case "indent":
                return Indent(TemplateValue.ToText(value), arguments, context, line);
            case "sort":
                return OrderFilters.Sort(value, arguments, line);
            case "unique":
                return OrderFilters.Unique(value, arguments, line);
            case "min" or "max":
                return OrderFilters.Extreme(value, arguments, name == "max", line);
            case "dictsort" when value is TemplateMap unordered:
                return OrderFilters.SortMap(unordered, arguments, line);
            case "sum":
                return Sum(value, arguments, line);
            case "items" when value is Undefined:
                return new TemplateList();
            case "items" when value is TemplateMap map:
                return new TemplateList(map.Entries.Select(entry => new TemplateList([entry.Key, entry.Value])));
            case "length" or "count" when value is string text:
                return (long)text.EnumerateRunes().Count();
            case "length" or "count" when value is TemplateList or TemplateMap or Undefined:
                return (long)TemplateOperators.Items(value, line).Count;
            case "join":
                string separator = TemplateValue.ToText(arguments.Find(0, "d", ""));
                object? part = arguments.Find(1, "attribute", null);
                return TemplateOperators.Join(separator, [.. TemplateOperators.Items(value, line).Select(
                    item => TemplateValue.ToText(part is null ? item : TemplateOperators.Attribute(item, part, line)))], context, line);
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
                return Map(value, arguments, context, line);
            case "select" or "reject" or "selectattr" or "rejectattr":
                return Select(name, value, given, line);
            default:
                throw new TemplateProblem(line, $"the filter '{name}' does not take {TemplateValue.TypeOf(value)} with these values.");
        }
    }

    private static string Indent(string text, CallArguments arguments, RenderContext context, int line)
    {
        object? width = arguments.Find(0, "width", 4L);
        string indentation = width switch
        {
            string prefix => prefix,
            long count => new string(' ', (int)Math.Clamp(count, 0, 1000)),
            _ => throw new TemplateProblem(line, "the filter 'indent' takes a number or a text as width."),
        };
        bool indentsFirst = TemplateValue.IsTrue(arguments.Find(1, "first", false));
        bool indentsBlank = TemplateValue.IsTrue(arguments.Find(2, "blank", false));
        string[] lines = text.Split('\n');
        context.Charge((long)lines.Length * (indentation.Length + RenderContext.ItemCost), line);
        return string.Join('\n', lines.Select(
            (part, i) => (i == 0 ? indentsFirst : indentsBlank || part.Length > 0) ? indentation + part : part));
    }

    private static object? Sum(object? value, CallArguments arguments, int line)
    {
        object? attribute = arguments.Find(0, "attribute", null);
        object? sum = arguments.Find(1, "start", 0L);
        foreach (object? item in TemplateOperators.Items(value, line))
        {
            object? part = attribute is null ? item : TemplateOperators.Attribute(item, attribute, line);
            if (TemplateValue.AsNumber(sum) is null || TemplateValue.AsNumber(part) is null)
            {
                throw new TemplateProblem(line, $"the filter 'sum' takes numbers, not {TemplateValue.TypeOf(part)}.");
            }

            sum = TemplateOperators.Add(sum, part, line);
        }

        return sum;
    }

    private static object Number(string name, object? value, object? absent, int line)
    {
        double? number = value is string text && double.TryParse(text.Trim(), CultureInfo.InvariantCulture, out double parsed) ? parsed : TemplateValue.AsNumber(value);
        return name switch
        {
            "abs" when value is long whole => (object)Math.Abs(Math.Max(whole, -long.MaxValue)),
            "abs" when value is double fraction => (object)Math.Abs(fraction),
            "float" => (object)(number ?? TemplateValue.AsNumber(absent) ?? 0.0),
            "int" when value is long whole => (object)whole,
            "int" when number is { } finite && double.IsFinite(finite) && Math.Abs(finite) < 9e18 => (object)(long)Math.Truncate(finite),
            "int" => (object)(absent as long? ?? 0L),
            _ => throw new TemplateProblem(line, $"the filter '{name}' takes a number, not {TemplateValue.TypeOf(value)}."),
        };
    }

    private static TemplateList Map(object? value, CallArguments arguments, RenderContext context, int line)
    {
        List<object?> items = TemplateOperators.Items(value, line);
        if (arguments.Named.TryGetValue("attribute", out object? attribute))
        {
            object? otherwise = arguments.Named.GetValueOrDefault("default", Undefined.Value);
            return new TemplateList(items.Select(item => TemplateOperators.Attribute(item, attribute, line) is var found && found is Undefined ? otherwise : found));
        }

        if (arguments.Positional is not [string filter, ..])
        {
            throw new TemplateProblem(line, "the filter 'map' takes a filter's name or attribute=.");
        }

        Require(filter, line);
        var rest = new CallArguments([.. arguments.Positional.Skip(1)], arguments.Named);
        return filter is "map" or "select" or "reject" or "selectattr" or "rejectattr"
            ? throw new TemplateProblem(line, $"the filter 'map' does not take '{filter}'.")
            : new TemplateList(items.Select(item => Apply(filter, item, rest, context, line)));
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
            object? subject = byAttribute ? TemplateOperators.Attribute(item, given[0], line) : item;
            bool holds = test is null ? TemplateValue.IsTrue(subject) : TemplateTests.Holds(test, subject, [.. tests.Skip(1)], line);
            return holds == keeps;
        }));
    }
}
