using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace LongWriter.Onnx.Chat.Templates;

/// <summary>How tojson shall write, by the names of Python's json.dumps.</summary>
/// <param name="Indent">Spaces per level; null for one line.</param>
/// <param name="EnsuresAscii">Escapes what is beyond ASCII. Off in chat templates, unlike in Python itself.</param>
/// <param name="SortsKeys">By code unit; else in the order of insertion.</param>
/// <param name="BetweenItems">By default a comma, with a blank behind it on one line.</param>
/// <param name="BehindKey">By default a colon and a blank.</param>
internal sealed record JsonForm(int? Indent, bool EnsuresAscii, bool SortsKeys, string BetweenItems, string BehindKey)
{
    /// <summary>The order of values by place is that of the filter in transformers.</summary>
    public static JsonForm From(CallArguments arguments, int line)
    {
        // Jinja's own filter, and with it many templates, has the indentation first; a flag there is the other order.
        bool flagFirst = arguments.Positional is [bool, ..];
        bool ascii = TemplateValue.IsTrue(flagFirst ? arguments.Positional[0] : arguments.Named.GetValueOrDefault("ensure_ascii", false));
        int? indent = arguments.Find(flagFirst ? 1 : 0, "indent", null) switch
        {
            null => null,
            long width => (int)Math.Clamp(width, 0, 16),
            var other => throw new TemplateProblem(line, $"the filter 'tojson' takes a whole number as indent, not {TemplateValue.TypeOf(other)}."),
        };
        bool sorts = TemplateValue.IsTrue(arguments.Named.GetValueOrDefault("sort_keys", false));
        return arguments.Named.GetValueOrDefault("separators") switch
        {
            null => new JsonForm(indent, ascii, sorts, indent is null ? ", " : ",", ": "),
            TemplateList { Count: 2 } pair when pair[0] is string items && pair[1] is string key => new JsonForm(indent, ascii, sorts, items, key),
            _ => throw new TemplateProblem(line, "the filter 'tojson' takes two texts as separators."),
        };
    }
}

/// <summary>JSON as Python's json.dumps writes it with ensure_ascii off, which is what models saw their tools in.</summary>
internal static class TemplateJson
{
    public static string Write(object? value, JsonForm form, int line)
    {
        var output = new StringBuilder();
        Write(value, output, form, 0, line);
        return output.ToString();
    }

    private static void Write(object? value, StringBuilder output, JsonForm form, int depth, int line)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (value)
        {
            case null:
                output.Append("null");
                break;
            case bool flag:
                output.Append(flag ? "true" : "false");
                break;
            case long number:
                output.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number:
                output.Append(TemplateValue.FloatText(number));
                break;
            case string text:
                WriteString(text, output, form);
                break;
            case TemplateList list:
                WriteItems('[', ']', list, output, form, depth, item => Write(item, output, form, depth + 1, line));
                break;
            case TemplateMap { IsNamespace: false } map:
                IEnumerable<KeyValuePair<string, object?>> entries = form.SortsKeys ? map.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal) : map.Entries;
                WriteItems('{', '}', [.. entries], output, form, depth, entry =>
                {
                    WriteString(entry.Key, output, form);
                    output.Append(form.BehindKey);
                    Write(entry.Value, output, form, depth + 1, line);
                });
                break;
            default:
                throw new TemplateProblem(line, $"{TemplateValue.TypeOf(value)} cannot be written as JSON.");
        }
    }

    private static void WriteItems<T>(char open, char close, List<T> items, StringBuilder output, JsonForm form, int depth, Action<T> write)
    {
        output.Append(open);
        for (int i = 0; i < items.Count; i++)
        {
            output.Append(i == 0 ? "" : form.BetweenItems);
            BreakLine(depth + 1);
            write(items[i]);
        }

        if (items.Count > 0)
        {
            BreakLine(depth);
        }

        output.Append(close);

        void BreakLine(int level)
        {
            if (form.Indent is { } width)
            {
                output.Append('\n').Append(' ', width * level);
            }
        }
    }

    private static void WriteString(string text, StringBuilder output, JsonForm form)
    {
        output.Append('"');
        foreach (char unit in text)
        {
            _ = unit switch
            {
                '"' => output.Append("\\\""),
                '\\' => output.Append("\\\\"),
                '\n' => output.Append("\\n"),
                '\r' => output.Append("\\r"),
                '\t' => output.Append("\\t"),
                '\b' => output.Append("\\b"),
                '\f' => output.Append("\\f"),
                < ' ' or > '~' when unit < ' ' || form.EnsuresAscii => output.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
                _ => output.Append(unit),
            };
        }

        output.Append('"');
    }
}
