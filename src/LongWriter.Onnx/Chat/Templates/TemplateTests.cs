namespace LongWriter.Onnx.Chat.Templates;

/// <summary>What can stand after "is".</summary>
internal static class TemplateTests
{
    private static readonly HashSet<string> Names =
    [
        "defined", "undefined", "none", "string", "number", "integer", "float", "boolean", "true", "false", "mapping", "iterable",
        "sequence", "callable", "even", "odd", "equalto", "eq", "ne", "in", "divisibleby", "lower", "upper",
        "sameas", "lt", "lessthan", "le", "gt", "greaterthan", "ge",
    ];

    public static void Require(string name, int line)
    {
        if (!Names.Contains(name))
        {
            throw new TemplateProblem(line, $"the test 'is {name}' is not supported.");
        }
    }

    public static bool Holds(string name, object? value, IReadOnlyList<object?> arguments, int line)
    {
        return name switch
        {
            "defined" => value is not Undefined,
            "undefined" => value is Undefined,
            "none" => value is null,
            "string" => value is string,
            "number" => value is long or double or bool,
            "integer" => value is long,
            "float" => value is double,
            "boolean" => value is bool,
            "true" => value is true,
            "false" => value is false,
            "mapping" => value is TemplateMap { IsNamespace: false },
            "iterable" => value is string or TemplateList or TemplateMap { IsNamespace: false } or Undefined,
            "sequence" => value is string or TemplateList or TemplateMap { IsNamespace: false } or Undefined,
            "callable" => value is TemplateFunction,
            "even" => Number(value, name, line) % 2 == 0,
            "odd" => Number(value, name, line) % 2 != 0,
            "equalto" or "eq" => TemplateValue.AreEqual(value, Argument()),
            "ne" => !TemplateValue.AreEqual(value, Argument()),
            "in" => TemplateOperators.Contains(Argument(), value, line),
            "divisibleby" => Number(Argument(), name, line) is var divisor && divisor != 0 && Number(value, name, line) % divisor == 0,
            "sameas" => IsSame(value, Argument()),
            "lt" or "lessthan" => TemplateOperators.Compare("<", value, Argument(), line),
            "le" => TemplateOperators.Compare("<=", value, Argument(), line),
            "gt" or "greaterthan" => TemplateOperators.Compare(">", value, Argument(), line),
            "ge" => TemplateOperators.Compare(">=", value, Argument(), line),
            "lower" => value is string text && text.Any(char.IsLetter) && !text.Any(char.IsUpper),
            "upper" => value is string text && text.Any(char.IsLetter) && !text.Any(char.IsLower),
            _ => throw new TemplateProblem(line, $"the test 'is {name}' is not supported."),
        };

        object? Argument() => arguments.Count == 1 ? arguments[0] : throw new TemplateProblem(line, $"the test 'is {name}' takes one value.");
    }

    /// <summary>Python's "is": the one True, None or dictionary, not one that is equal. Its small numbers and texts are one too, so those compare by value.</summary>
    private static bool IsSame(object? value, object? other)
        => value is bool or long or double or string ? value.GetType() == other?.GetType() && value.Equals(other) : ReferenceEquals(value, other);

    private static long Number(object? value, string name, int line)
        => value is long number ? number : throw new TemplateProblem(line, $"the test 'is {name}' takes a whole number, not {TemplateValue.TypeOf(value)}.");
}
