namespace LongWriter.Onnx.Chat.Templates;

/// <summary>Which values a filter takes by name. What it does not take is refused when the template is read, not passed over.</summary>
internal static class FilterArguments
{
    private static readonly Dictionary<string, string[]> Names = new(StringComparer.Ordinal)
    {
        ["default"] = ["default_value", "boolean"],
        ["d"] = ["default_value", "boolean"],
        ["tojson"] = ["ensure_ascii", "indent", "separators", "sort_keys"],
        ["join"] = ["d", "attribute"],
        ["map"] = ["attribute", "default"],
        ["sort"] = ["reverse", "case_sensitive", "attribute"],
        ["dictsort"] = ["case_sensitive", "by", "reverse"],
        ["unique"] = ["case_sensitive", "attribute"],
        ["min"] = ["case_sensitive", "attribute"],
        ["max"] = ["case_sensitive", "attribute"],
        ["sum"] = ["attribute", "start"],
        ["indent"] = ["width", "first", "blank"],
        ["int"] = ["default"],
        ["float"] = ["default"],
    };

    public static void Require(string filter, ArgumentList arguments, int line)
    {
        foreach ((string name, _) in arguments.Named)
        {
            if (!Names.TryGetValue(filter, out string[]? known) || !known.Contains(name))
            {
                throw new TemplateProblem(line, $"the filter '{filter}' does not take '{name}'.");
            }
        }
    }

    /// <summary>A value by place or by name.</summary>
    public static object? Find(this CallArguments arguments, int place, string name, object? absent) =>
        place < arguments.Positional.Count ? arguments.Positional[place] : arguments.Named.GetValueOrDefault(name, absent);
}
