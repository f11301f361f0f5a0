using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace LongWriter.Onnx.Chat.Templates;

/// <summary>The value of a name that does not exist.</summary>
internal sealed class Undefined
{
    public static readonly Undefined Value = new();

    private Undefined()
    {
    }
}

internal sealed class TemplateList : List<object?>
{
    public TemplateList()
    {
    }

    public TemplateList(IEnumerable<object?> items)
        : base(items)
    {
    }

    /// <summary>Items and characters within, shared ones counted each time. Lists do not change once they are made.</summary>
    public long Weight => weight ??= TemplateValue.Sum(this);

    private long? weight;
}

/// <summary>A dictionary in order of insertion; also a namespace, which alone can be assigned into.</summary>
internal sealed class TemplateMap
{
    private readonly OrderedDictionary<string, object?> entries = new(StringComparer.Ordinal);

    private long? weight;

    public bool IsNamespace { get; init; }

    /// <summary>Entries and characters within. A namespace may hold itself, so it weighs nothing and is never looked into.</summary>
    public long Weight => IsNamespace ? 1 : weight ??= TemplateValue.Sum(entries.Values) + entries.Keys.Sum(key => (long)key.Length);

    public int Count => entries.Count;

    public IEnumerable<KeyValuePair<string, object?>> Entries => entries;

    public object? this[string key]
    {
        get => entries.TryGetValue(key, out object? value) ? value : Undefined.Value;
        set => entries[key] = value;
    }

    public bool Has(string key) => entries.ContainsKey(key);
}

/// <summary>Values are null, bool, long, double, string, <see cref="TemplateList"/>, <see cref="TemplateMap"/>, functions and <see cref="Undefined"/>, with Python's rules.</summary>
internal static class TemplateValue
{
    private const int MaxDepth = 64;

    public static object? FromObject(object? value, string place, int depth = 0) => value switch
    {
        _ when depth > MaxDepth => throw new ArgumentException($"{place} is nested deeper than {MaxDepth}."),
        null or bool or long or double or string => value,
        int number => (long)number,
        float number => (double)number,
        JsonElement json => FromJson(json, place, depth),
        IEnumerable<KeyValuePair<string, object?>> map => Map(map.Select(entry => (entry.Key, FromObject(entry.Value, $"{place}.{entry.Key}", depth + 1)))),
        IEnumerable list => new TemplateList(list.Cast<object?>().Select((item, i) => FromObject(item, $"{place}[{i}]", depth + 1))),
        _ => throw new ArgumentException($"{place} must be null, a bool, a number, a string, a list, a dictionary with string keys or JSON but is {value.GetType().Name}."),
    };

    /// <summary>How much work it is to look at a value as a whole.</summary>
    public static long WeightOf(object? value) => value switch
    {
        string text => text.Length + 1L,
        TemplateList list => list.Weight,
        TemplateMap map => map.Weight,
        _ => 1,
    };

    public static long Sum(IEnumerable<object?> values)
    {
        long sum = 1;
        foreach (object? value in values)
        {
            sum = Math.Min(sum + WeightOf(value), RenderContext.MaxWork + 1);
        }

        return sum;
    }

    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined => false,
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        string text => text.Length > 0,
        TemplateList list => list.Count > 0,
        TemplateMap map => map.Count > 0 || map.IsNamespace,
        _ => true,
    };

    public static bool AreEqual(object? left, object? right)
    {
        // A template can build values nested as deeply as it has work for.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return AreEqualHere(left, right);
    }

    private static bool AreEqualHere(object? left, object? right) => (left, right) switch
    {
        (TemplateMap { IsNamespace: true }, _) or (_, TemplateMap { IsNamespace: true }) => ReferenceEquals(left, right),
        (TemplateList a, TemplateList b) => a.Count == b.Count && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second)),
        (TemplateMap a, TemplateMap b) => a.Count == b.Count && a.Entries.All(entry => b.Has(entry.Key) && AreEqual(entry.Value, b[entry.Key])),
        _ when AsNumber(left) is { } a && AsNumber(right) is { } b => a == b,
        _ => Equals(left, right),
    };

    /// <summary>True and False count as 1 and 0, as in Python.</summary>
    public static double? AsNumber(object? value) => value switch
    {
        bool flag => flag ? 1 : 0,
        long number => number,
        double number => number,
        _ => null,
    };

    public static string TypeOf(object? value) => value switch
    {
        null => "none",
        Undefined => "undefined",
        bool => "a boolean",
        long or double => "a number",
        string => "a string",
        TemplateList => "a list",
        TemplateMap { IsNamespace: true } => "a namespace",
        TemplateMap => "a dictionary",
        _ => "a function",
    };

    /// <summary>What printing gives.</summary>
    public static string ToText(object? value)
    {
        if (value is string text)
        {
            return text;
        }

        var output = new StringBuilder();
        Write(value, output);
        return output.ToString();
    }

    public static string FloatText(double number)
    {
        string text = number.ToString("R", CultureInfo.InvariantCulture);
        return double.IsFinite(number) && text.All(c => char.IsAsciiDigit(c) || c == '-') ? text + ".0" : text;
    }

    /// <summary>Python's repr of what stands inside a list or dictionary; str of the rest.</summary>
    private static void Write(object? value, StringBuilder output)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (value)
        {
            case null:
                output.Append("None");
                break;
            case Undefined:
                break;
            case bool flag:
                output.Append(flag ? "True" : "False");
                break;
            case long number:
                output.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number:
                output.Append(FloatText(number));
                break;
            case string text:
                char quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
                output.Append(quote).Append(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace(
                    quote == '\'' ? "'" : "\0", quote == '\'' ? "\\'" : "\0", StringComparison.Ordinal)).Append(quote);
                break;
            case TemplateList list:
                output.Append('[');
                for (int i = 0; i < list.Count; i++)
                {
                    output.Append(i == 0 ? "" : ", ");
                    Write(list[i], output);
                }

                output.Append(']');
                break;
            case TemplateMap { IsNamespace: true }:
                output.Append("<namespace>");
                break;
            case TemplateMap map:
                output.Append('{');
                bool first = true;
                foreach ((string key, object? item) in map.Entries)
                {
                    output.Append(first ? "" : ", ");
                    first = false;
                    Write(key, output);
                    output.Append(": ");
                    Write(item, output);
                }

                output.Append('}');
                break;
            default:
                output.Append("<function>");
                break;
        }
    }

    private static TemplateMap Map(IEnumerable<(string Key, object? Value)> entries)
    {
        var map = new TemplateMap();
        foreach ((string key, object? value) in entries)
        {
            map[key] = value;
        }

        return map;
    }

    private static object? FromJson(JsonElement json, string place, int depth) => json.ValueKind switch
    {
        _ when depth > MaxDepth => throw new ArgumentException($"{place} is nested deeper than {MaxDepth}."),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.TryGetInt64(out long whole) ? (object)whole : json.GetDouble(),
        JsonValueKind.Array => new TemplateList(json.EnumerateArray().Select((item, i) => FromJson(item, $"{place}[{i}]", depth + 1))),
        _ => Map(json.EnumerateObject().Select(entry => (entry.Name, FromJson(entry.Value, $"{place}.{entry.Name}", depth + 1)))),
    };
}
