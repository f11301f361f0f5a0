namespace LongWriter.Onnx.Chat.Templates;

/// <summary>A part of a template that writes, or changes variables.</summary>
internal abstract record Statement(int Line)
{
    public abstract void Run(RenderContext context);
}

internal sealed record TextStatement(int Line, string Text) : Statement(Line)
{
    public override void Run(RenderContext context) => context.Write(Text, Line);
}

internal sealed record OutputStatement(int Line, Expression Value) : Statement(Line)
{
    public override void Run(RenderContext context) => context.Write(TemplateValue.ToText(Value.Evaluate(context)), Line);
}

internal sealed record IfStatement(int Line, IReadOnlyList<(Expression? Condition, IReadOnlyList<Statement> Body)> Branches) : Statement(Line)
{
    public override void Run(RenderContext context)
    {
        foreach ((Expression? condition, IReadOnlyList<Statement> body) in Branches)
        {
            if (condition is null || TemplateValue.IsTrue(condition.Evaluate(context)))
            {
                context.Run(body);
                return;
            }
        }
    }
}

/// <summary>Assigns to a name, to names from a list, or into a namespace.</summary>
internal sealed record SetStatement(int Line, IReadOnlyList<string> Names, string? Attribute, Expression? Value, IReadOnlyList<Statement> Body) : Statement(Line)
{
    public override void Run(RenderContext context)
    {
        object? value = Value is null ? context.Capture(Body) : Value.Evaluate(context);
        if (Attribute is null)
        {
            Assign(context, Names, value, Line);
            return;
        }

        if (context.Get(Names[0]) is not TemplateMap { IsNamespace: true } space)
        {
            throw new TemplateProblem(Line, $"'{Names[0]}' is no namespace, so '{Names[0]}.{Attribute}' cannot be set.");
        }

        space[Attribute] = value;
    }

    public static void Assign(RenderContext context, IReadOnlyList<string> names, object? value, int line)
    {
        if (names.Count == 1)
        {
            context.Set(names[0], value);
            return;
        }

        if (value is not TemplateList parts || parts.Count != names.Count)
        {
            throw new TemplateProblem(line, $"expected {names.Count} values for {string.Join(", ", names)}, found {TemplateValue.TypeOf(value)}.");
        }

        for (int i = 0; i < names.Count; i++)
        {
            context.Set(names[i], parts[i]);
        }
    }
}

internal sealed record SignalStatement(int Line, LoopSignal Signal) : Statement(Line)
{
    public override void Run(RenderContext context) => context.Signal = Signal;
}

/// <summary>A block whose only meaning is for training, such as generation.</summary>
internal sealed record PlainBlock(int Line, IReadOnlyList<Statement> Body) : Statement(Line)
{
    public override void Run(RenderContext context) => context.Run(Body);
}
