using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace LongWriter.Onnx.Chat.Templates;

/// <summary>JSON as Python's json.dumps writes it with ensure_ascii off, which is what models saw their tools in.</summary>
internal static class TemplateJson
{
    public static string Write(object? value, int? indent, int line)
    {
        var output = new StringBuilder();
        Write(value, output, indent, 0, line);
        return output.ToString();
    }

    private static void Write(object? value, StringBuilder output, int? indent, int depth, int line)
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
                WriteString(text, output);
                break;
            case TemplateList list:
                WriteItems('[', ']', list, output, indent, depth, item => Write(item, output, indent, depth + 1, line));
                break;
            case TemplateMap { IsNamespace: false } map:
                WriteItems('{', '}', [.. map.Entries], output, indent, depth, entry =>
                {
                    WriteString(entry.Key, output);
                    output.Append(": ");
                    Write(entry.Value, output, indent, depth + 1, line);
                });
                break;
            default:
                throw new TemplateProblem(line, $"{TemplateValue.TypeOf(value)} cannot be written as JSON.");
        }
    }

    private static void WriteItems<T>(char open, char close, List<T> items, StringBuilder output, int? indent, int depth, Action<T> write)
    {
        output.Append(open);
        for (int i = 0; i < items.Count; i++)
        {
            output.Append(i == 0 ? "" : indent is null ? ", " : ",");
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
            if (indent is { } width)
            {
                output.Append('\n').Append(' ', width * level);
            }
        }
    }

    private static void WriteString(string text, StringBuilder output)
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
                < ' ' => output.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
                _ => output.Append(unit),
            };
        }

        output.Append('"');
    }
}
