namespace LongWriter.Onnx.Chat.Templates;

/// <summary>Filters that compare items: sort, dictsort, unique, min, max. Texts compare without regard to case unless asked, equals keep their order.</summary>
internal static class OrderFilters
{
    public static TemplateList Sort(object? value, CallArguments arguments, int line) => Sorted(
        [.. TemplateOperators.Items(value, line)],
        Keys(arguments.Find(2, "attribute", null), TemplateValue.IsTrue(arguments.Find(1, "case_sensitive", false)), line),
        TemplateValue.IsTrue(arguments.Find(0, "reverse", false)), "sort", line);

    public static TemplateList SortMap(TemplateMap map, CallArguments arguments, int line)
    {
        string by = arguments.Find(1, "by", "key") as string ?? "";
        if (by is not ("key" or "value"))
        {
            throw new TemplateProblem(line, "the filter 'dictsort' takes by='key' or by='value'.");
        }

        object?[] entries = [.. map.Entries.Select(entry => new TemplateList([entry.Key, entry.Value]))];
        Func<object?, object?> key = Keys(by == "key" ? 0L : 1L, TemplateValue.IsTrue(arguments.Find(0, "case_sensitive", false)), line);
        return Sorted(entries, key, TemplateValue.IsTrue(arguments.Find(2, "reverse", false)), "dictsort", line);
    }

    public static TemplateList Unique(object? value, CallArguments arguments, int line)
    {
        Func<object?, object?> key = Keys(arguments.Find(1, "attribute", null), TemplateValue.IsTrue(arguments.Find(0, "case_sensitive", false)), line);
        HashSet<object> seen = [];
        return new TemplateList(TemplateOperators.Items(value, line).FindAll(item => seen.Add(key(item) switch
        {
            string text => text,
            var subject => TemplateValue.AsNumber(subject) ?? throw new TemplateProblem(line, $"the filter 'unique' takes texts and numbers, not {TemplateValue.TypeOf(subject)}."),
        })));
    }

    public static object? Extreme(object? value, CallArguments arguments, bool largest, int line)
    {
        Func<object?, object?> key = Keys(arguments.Find(1, "attribute", null), TemplateValue.IsTrue(arguments.Find(0, "case_sensitive", false)), line);
        TemplateList sorted = Sorted([.. TemplateOperators.Items(value, line)], key, largest, largest ? "max" : "min", line);
        return sorted is [var first, ..] ? first : Undefined.Value;
    }

    private static Func<object?, object?> Keys(object? attribute, bool caseSensitive, int line) => item =>
    {
        object? key = attribute is null ? item : TemplateOperators.Attribute(item, attribute, line);
        return key is string text && !caseSensitive ? text.ToLowerInvariant() : key;
    };

    private static TemplateList Sorted(object?[] items, Func<object?, object?> key, bool descends, string name, int line)
    {
        object?[] keys = [.. items.Select(key)];

        // Looked at before: sorting itself may not throw.
        if (!keys.All(value => value is string) && !keys.All(value => TemplateValue.AsNumber(value) is not null))
        {
            throw new TemplateProblem(line, $"the filter '{name}' compares texts with texts and numbers with numbers alone.");
        }

        IEnumerable<int> places = Enumerable.Range(0, items.Length);
        bool areTexts = keys is [string, ..];
        IOrderedEnumerable<int> ordered = (areTexts, descends) switch
        {
            (true, false) => places.OrderBy(place => (string)keys[place]!, StringComparer.Ordinal),
            (true, true) => places.OrderByDescending(place => (string)keys[place]!, StringComparer.Ordinal),
            (false, false) => places.OrderBy(place => TemplateValue.AsNumber(keys[place])!.Value),
            (false, true) => places.OrderByDescending(place => TemplateValue.AsNumber(keys[place])!.Value),
        };
        return new TemplateList(ordered.Select(place => items[place]));
    }
}
