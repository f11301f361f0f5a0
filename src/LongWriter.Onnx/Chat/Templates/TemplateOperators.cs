using System.Globalization;
using System.Text;

namespace LongWriter.Onnx.Chat.Templates;

/// <summary>Operators, indexing and slices, by Python's rules. Strings are indexed by code point.</summary>
internal static class TemplateOperators
{
    public static object? Apply(string name, object? left, object? right, RenderContext context, int line)
    {
        switch (name)
        {
            case "~":
                return Text(TemplateValue.ToText(left) + TemplateValue.ToText(right), context, line);
            case "+" when left is string a && right is string b:
                return Text(a + b, context, line);
            case "+" when left is TemplateList a && right is TemplateList b:
                context.Charge(RenderContext.ItemCost * ((long)a.Count + b.Count), line);
                return new TemplateList(a.Concat(b));
            case "*" when left is string text && right is long count:
                return Repeat(text, count, context, line);
            case "*" when left is long count && right is string text:
                return Repeat(text, count, context, line);
        }

        if (TemplateValue.AsNumber(left) is not { } x || TemplateValue.AsNumber(right) is not { } y)
        {
            throw new TemplateProblem(line, $"'{name}' cannot be applied to {TemplateValue.TypeOf(left)} and {TemplateValue.TypeOf(right)}.");
        }

        if (name is "/" or "//" or "%" && y == 0)
        {
            throw new TemplateProblem(line, "division by zero.");
        }

        return Arithmetic(name, left, x, right, y, line);
    }

    /// <summary>The sum of two numbers.</summary>
    public static object Add(object? left, object? right, int line)
        => Arithmetic("+", left, TemplateValue.AsNumber(left)!.Value, right, TemplateValue.AsNumber(right)!.Value, line);

    private static object Arithmetic(string name, object? left, double x, object? right, double y, int line)
    {
        bool whole = left is not double && right is not double && name != "/";
        return whole ? (object)Whole(name, ToLong(left), ToLong(right), line) : Float(name, x, y);
    }

    public static bool Compare(string name, object? left, object? right, int line) => name switch
    {
        "==" => TemplateValue.AreEqual(left, right),
        "!=" => !TemplateValue.AreEqual(left, right),
        "in" => Contains(right, left, line),
        "not in" => !Contains(right, left, line),
        _ => Order(name, left, right, line) is var order && name switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        },
    };

    public static bool Contains(object? container, object? item, int line) => container switch
    {
        string text when item is string part => text.Contains(part, StringComparison.Ordinal),
        TemplateList list => list.Exists(entry => TemplateValue.AreEqual(entry, item)),
        TemplateMap map => item is string key && map.Has(key),
        Undefined => false,
        _ => throw new TemplateProblem(line, $"'in' cannot look for {TemplateValue.TypeOf(item)} in {TemplateValue.TypeOf(container)}."),
    };

    public static object? Index(object? target, object? key, int line)
    {
        switch (target)
        {
            case TemplateMap map:
                return key is string name ? map[name] : Undefined.Value;
            case TemplateList list when key is long index:
                index += index < 0 ? list.Count : 0;
                return index >= 0 && index < list.Count ? list[(int)index] : Undefined.Value;
            case string text when key is long index:
                Rune[] runes = [.. text.EnumerateRunes()];
                index += index < 0 ? runes.Length : 0;
                return index >= 0 && index < runes.Length ? runes[index].ToString() : Undefined.Value;
            case null or Undefined:
                throw new TemplateProblem(line, $"'{TemplateValue.ToText(key)}' cannot be read of a value that is {TemplateValue.TypeOf(target)}.");
            default:
                return Undefined.Value;
        }
    }

    /// <summary>A key, a place, or several with dots between them.</summary>
    public static object? Attribute(object? target, object? path, int line)
    {
        if (path is not string { Length: > 0 } names || !names.Contains('.', StringComparison.Ordinal))
        {
            return Index(target, path, line);
        }

        foreach (string name in names.Split('.'))
        {
            target = Index(target, long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out long index) ? (object)index : name, line);
        }

        return target;
    }

    public static object? Slice(object? target, object? start, object? stop, object? step, RenderContext context, int line)
    {
        if (target is not (string or TemplateList))
        {
            throw new TemplateProblem(line, $"{TemplateValue.TypeOf(target)} cannot be sliced.");
        }

        List<object?> items = ChargedItems(target, context, line);
        long stride = Bound(step, 1, line);
        if (stride == 0)
        {
            throw new TemplateProblem(line, "a slice's step must not be 0.");
        }

        long low = stride > 0 ? 0 : -1;
        long high = stride > 0 ? items.Count : items.Count - 1;
        long from = start is null ? (stride > 0 ? low : high) : Clamp(Bound(start, 0, line), items.Count, low, high);
        long to = stop is null ? (stride > 0 ? high : low) : Clamp(Bound(stop, 0, line), items.Count, low, high);
        var taken = new TemplateList();
        for (long i = from; stride > 0 ? i < to : i > to; i += stride)
        {
            taken.Add(items[(int)i]);
        }

        return target is string ? string.Concat(taken.Cast<string>()) : taken;
    }

    /// <summary>What a loop runs over: items, keys or characters.</summary>
    public static List<object?> Items(object? value, int line) => value switch
    {
        TemplateList list => list,
        TemplateMap map => [.. map.Entries.Select(entry => entry.Key)],
        string text => [.. text.EnumerateRunes().Select(rune => rune.ToString())],
        Undefined => [],
        _ => throw new TemplateProblem(line, $"{TemplateValue.TypeOf(value)} cannot be iterated."),
    };

    public static List<object?> ChargedItems(object? value, RenderContext context, int line)
    {
        long count = value switch { string text => text.Length, TemplateList list => list.Count, TemplateMap map => map.Count, _ => 0 };
        context.Charge(count * RenderContext.ItemCost, line);
        return Items(value, line);
    }

    public static string Text(string text, RenderContext context, int line)
    {
        context.Charge(text.Length, line);
        return text;
    }

    /// <summary>Parts with a separator between them, charged before it is built: the same long part may be there often.</summary>
    public static string Join(string separator, IReadOnlyList<string> parts, RenderContext context, int line)
    {
        context.Charge(parts.Sum(part => (long)part.Length) + ((long)separator.Length + RenderContext.ItemCost) * parts.Count, line);
        return string.Join(separator, parts);
    }

    private static string Repeat(string text, long count, RenderContext context, int line)
    {
        long times = Math.Clamp(count, 0, RenderContext.MaxWork);
        context.Charge(times * Math.Max(1, text.Length), line);
        return new StringBuilder().Insert(0, text, (int)times).ToString();
    }

    private static long Whole(string name, long x, long y, int line)
    {
        try
        {
            return checked(name switch
            {
                "+" => x + y,
                "-" => x - y,
                "*" => x * y,
                "//" => (x / y) - (x % y != 0 && (x < 0) != (y < 0) ? 1 : 0),
                _ => ((x % y) + y) % y,
            });
        }
        catch (OverflowException)
        {
            throw new TemplateProblem(line, $"the result of '{name}' is too large.");
        }
    }

    private static long ToLong(object? value) => value is long number ? number : value is true ? 1 : 0;

    private static double Float(string name, double x, double y) => name switch
    {
        "+" => x + y,
        "-" => x - y,
        "*" => x * y,
        "/" => x / y,
        "//" => Math.Floor(x / y),
        _ => x - (y * Math.Floor(x / y)),
    };

    private static int Order(string name, object? left, object? right, int line)
    {
        if (left is string a && right is string b)
        {
            return string.CompareOrdinal(a, b);
        }

        return TemplateValue.AsNumber(left) is { } x && TemplateValue.AsNumber(right) is { } y
            ? x.CompareTo(y)
            : throw new TemplateProblem(line, $"'{name}' cannot compare {TemplateValue.TypeOf(left)} with {TemplateValue.TypeOf(right)}.");
    }

    private static long Bound(object? value, long whenNull, int line) => value switch
    {
        null => whenNull,
        long number => Math.Clamp(number, int.MinValue, int.MaxValue),
        _ => throw new TemplateProblem(line, $"a slice takes whole numbers, not {TemplateValue.TypeOf(value)}."),
    };

    private static long Clamp(long index, long count, long low, long high) => Math.Clamp(index < 0 ? index + count : index, low, Math.Max(low, high));
}
