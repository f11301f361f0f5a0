using System.Globalization;
using System.Text;

namespace LongWriter.Onnx.Chat.Templates;

/// <summary>The functions that transformers gives to chat templates, and those of Jinja that such templates use.</summary>
internal static class TemplateFunctions
{
    public static void AddTo(RenderContext context, TimeProvider timeProvider)
    {
        context.Set("raise_exception", (TemplateFunction)((arguments, _, line)
            => throw new TemplateProblem(line, $"the template refuses the conversation: {(arguments.Positional.Count > 0 ? TemplateValue.ToText(arguments.Positional[0]) : "no reason given")}")));
        context.Set("strftime_now", (TemplateFunction)((arguments, _, line) => FormatTime(timeProvider, Only<string>(arguments, "strftime_now", line), line)));
        context.Set("range", (TemplateFunction)Range);
        context.Set("namespace", (TemplateFunction)((arguments, context, line) => ToMap(arguments, "namespace", isNamespace: true, context, line)));
        context.Set("dict", (TemplateFunction)((arguments, context, line) => ToMap(arguments, "dict", isNamespace: false, context, line)));
    }

    private static TemplateList Range(CallArguments arguments, RenderContext context, int line)
    {
        long[] numbers = [.. arguments.Positional.Select(value => value as long? ?? throw new TemplateProblem(line, "range takes whole numbers."))];
        if (numbers.Length is 0 or > 3 || (numbers.Length == 3 && numbers[2] == 0) || arguments.Named.Count > 0)
        {
            throw new TemplateProblem(line, "range takes one to three whole numbers, the last of three not 0.");
        }

        long start = numbers.Length == 1 ? 0 : numbers[0];
        long stop = numbers.Length == 1 ? numbers[0] : numbers[1];
        long step = numbers.Length == 3 ? numbers[2] : 1;
        var list = new TemplateList();
        for (Int128 i = start; step > 0 ? i < stop : i > stop; i += step)
        {
            context.Charge(RenderContext.ItemCost, line);
            list.Add((long)i);
        }

        return list;
    }

    private static TemplateMap ToMap(CallArguments arguments, string name, bool isNamespace, RenderContext context, int line)
    {
        var map = new TemplateMap { IsNamespace = isNamespace };
        foreach (object? positional in arguments.Positional)
        {
            TemplateMap source = positional as TemplateMap ?? throw new TemplateProblem(line, $"{name} takes dictionaries and named values, not {TemplateValue.TypeOf(positional)}.");
            foreach ((string key, object? value) in source.Entries)
            {
                map[key] = value;
            }
        }

        foreach ((string key, object? value) in arguments.Named)
        {
            map[key] = value;
        }

        context.Charge(map.Weight, line);
        return map;
    }

    /// <summary>The directives of C's strftime that templates use, in English whatever the machine speaks.</summary>
    private static string FormatTime(TimeProvider timeProvider, string format, int line)
    {
        DateTimeOffset now = timeProvider.GetLocalNow();
        var text = new StringBuilder();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                text.Append(format[i]);
                continue;
            }

            bool unpadded = i + 1 < format.Length && format[i + 1] == '-';
            i += unpadded ? 2 : 1;
            char directive = i < format.Length ? format[i] : '\0';
            string pattern = directive switch
            {
                'd' => unpadded ? "%d" : "dd",
                'm' => unpadded ? "%M" : "MM",
                'H' => unpadded ? "%H" : "HH",
                'I' => unpadded ? "%h" : "hh",
                'M' => unpadded ? "%m" : "mm",
                'S' => unpadded ? "%s" : "ss",
                'Y' => "yyyy",
                'y' => "yy",
                'B' => "MMMM",
                'b' => "MMM",
                'A' => "dddd",
                'a' => "ddd",
                'p' => "tt",
                '%' => "'%'",
                'j' => "",
                _ => throw new TemplateProblem(line, $"strftime_now does not know '%{(unpadded ? "-" : "")}{directive}'."),
            };
            text.Append(directive == 'j'
                ? now.DayOfYear.ToString(unpadded ? "0" : "000", CultureInfo.InvariantCulture)
                : now.ToString(pattern, CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    private static T Only<T>(CallArguments arguments, string name, int line)
        => arguments.Positional is [T value] ? value : throw new TemplateProblem(line, $"{name} takes one text.");
}
