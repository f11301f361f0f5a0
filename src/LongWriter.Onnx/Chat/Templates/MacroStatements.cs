namespace LongWriter.Onnx.Chat.Templates;

/// <summary>A name that a macro or a call block takes, and what it is when it is not given.</summary>
internal sealed record MacroParameter(string Name, Expression? Default);

/// <summary>
/// A body with parameters that writes a text when it is called. It sees what is visible where it stands, not where it is called, and what it sets is gone afterwards.
/// </summary>
internal sealed record MacroStatement(int Line, string Name, IReadOnlyList<MacroParameter> Parameters, IReadOnlyList<Statement> Body) : Statement(Line)
{
    public override void Run(RenderContext context) => context.Set(Name, Bind(context, Name, Parameters, Body));

    /// <summary>The function that a body is, at this place.</summary>
    public static TemplateFunction Bind(RenderContext context, string name, IReadOnlyList<MacroParameter> parameters, IReadOnlyList<Statement> body)
    {
        Dictionary<string, object?>[] visible = context.VisibleScopes();
        return (arguments, called, line) =>
        {
            Dictionary<string, object?> own = Match(name, parameters, arguments, line);

            // A default is computed at each call, and may name a parameter before it.
            IEnumerable<Statement> defaults = parameters
                .Where(parameter => !own.ContainsKey(parameter.Name))
                .Select(parameter => new SetStatement(line, [parameter.Name], null, parameter.Default ?? new Literal(line, Undefined.Value), []));
            return called.Capture([.. defaults, .. body], [.. visible, own], line);
        };
    }

    private static Dictionary<string, object?> Match(string name, IReadOnlyList<MacroParameter> parameters, CallArguments arguments, int line)
    {
        if (arguments.Positional.Count > parameters.Count)
        {
            throw new TemplateProblem(line, $"the macro '{name}' takes {parameters.Count} values, not {arguments.Positional.Count}.");
        }

        var own = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (int i = 0; i < arguments.Positional.Count; i++)
        {
            own[parameters[i].Name] = arguments.Positional[i];
        }

        foreach ((string given, object? value) in arguments.Named)
        {
            bool isKnown = given == CallStatement.Caller || parameters.Any(parameter => parameter.Name == given);
            if (!isKnown || !own.TryAdd(given, value))
            {
                throw new TemplateProblem(line, $"the macro '{name}' takes no '{given}'{(isKnown ? " twice" : "")}.");
            }
        }

        return own;
    }
}

/// <summary>A call whose macro may ask for the block's body as often as it likes, by "caller".</summary>
internal sealed record CallStatement(int Line, IReadOnlyList<MacroParameter> Parameters, Call Callee, IReadOnlyList<Statement> Body) : Statement(Line)
{
    public const string Caller = "caller";

    public override void Run(RenderContext context)
    {
        TemplateFunction body = MacroStatement.Bind(context, Caller, Parameters, Body);
        context.Write(TemplateValue.ToText(Callee.Invoke(context, body)), Line);
    }
}

/// <summary>What statements write, as a value: of a filter block, or of a set block with filters.</summary>
internal sealed record BodyExpression(int Line, IReadOnlyList<Statement> Body) : Expression(Line, 1)
{
    public override object? Evaluate(RenderContext context) => context.Capture(Body);
}
