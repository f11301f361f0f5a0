namespace LongWriter.Onnx.Chat.Templates;

/// <summary>A part of a template that has a value.</summary>
internal abstract record Expression(int Line, int Depth)
{
    /// <summary>Evaluation recurses; a longer chain of operators could use up the stack.</summary>
    public const int MaxDepth = 400;

    public abstract object? Evaluate(RenderContext context);

    protected static int Above(int line, params ReadOnlySpan<Expression?> parts)
    {
        int depth = 0;
        foreach (Expression? part in parts)
        {
            depth = Math.Max(depth, part?.Depth ?? 0);
        }

        return depth < MaxDepth ? depth + 1 : throw new TemplateProblem(line, $"an expression of more than {MaxDepth} levels.");
    }
}

internal sealed record Literal(int Line, object? Value) : Expression(Line, 1)
{
    public override object? Evaluate(RenderContext context) => Value;
}

internal sealed record Variable(int Line, string Name) : Expression(Line, 1)
{
    public override object? Evaluate(RenderContext context)
    {
        context.Charge(1, Line);
        return context.Get(Name);
    }
}

internal sealed record ListLiteral(int Line, IReadOnlyList<Expression> Items) : Expression(Line, Above(Line, [.. Items]))
{
    public override object? Evaluate(RenderContext context)
    {
        var list = new TemplateList(Items.Select(item => item.Evaluate(context)));
        context.Charge(list.Weight, Line);
        return list;
    }
}

internal sealed record MapLiteral(int Line, IReadOnlyList<(Expression Key, Expression Value)> Entries)
    : Expression(Line, Above(Line, [.. Entries.Select(e => e.Key), .. Entries.Select(e => e.Value)]))
{
    public override object? Evaluate(RenderContext context)
    {
        var map = new TemplateMap();
        foreach ((Expression key, Expression value) in Entries)
        {
            string name = key.Evaluate(context) as string ?? throw new TemplateProblem(Line, "a dictionary's key must be a string.");
            map[name] = value.Evaluate(context);
        }

        context.Charge(map.Weight, Line);
        return map;
    }
}

internal sealed record Conditional(int Line, Expression Condition, Expression Then, Expression? Otherwise)
    : Expression(Line, Above(Line, Condition, Then, Otherwise))
{
    public override object? Evaluate(RenderContext context)
        => TemplateValue.IsTrue(Condition.Evaluate(context)) ? Then.Evaluate(context) : Otherwise is null ? Undefined.Value : Otherwise.Evaluate(context);
}

internal sealed record Not(int Line, Expression Operand) : Expression(Line, Above(Line, Operand))
{
    public override object? Evaluate(RenderContext context) => !TemplateValue.IsTrue(Operand.Evaluate(context));
}

internal sealed record Negate(int Line, Expression Operand, bool IsMinus) : Expression(Line, Above(Line, Operand))
{
    public override object? Evaluate(RenderContext context) => Operand.Evaluate(context) switch
    {
        long number => (object)(IsMinus ? unchecked(-number) : number),
        double number => (object)(IsMinus ? -number : number),
        var other => throw new TemplateProblem(Line, $"{TemplateValue.TypeOf(other)} has no sign."),
    };
}

/// <summary>"and" and "or", which give one of their operands and look at the second only when they must.</summary>
internal sealed record Logical(int Line, bool IsAnd, Expression Left, Expression Right) : Expression(Line, Above(Line, Left, Right))
{
    public override object? Evaluate(RenderContext context)
    {
        object? left = Left.Evaluate(context);
        return TemplateValue.IsTrue(left) == IsAnd ? Right.Evaluate(context) : left;
    }
}

internal sealed record Binary(int Line, string Operator, Expression Left, Expression Right) : Expression(Line, Above(Line, Left, Right))
{
    public override object? Evaluate(RenderContext context)
        => TemplateOperators.Apply(Operator, Left.Evaluate(context), Right.Evaluate(context), context, Line);
}

/// <summary>Comparisons in a row: each with the next, until one fails.</summary>
internal sealed record Comparison(int Line, Expression First, IReadOnlyList<(string Operator, Expression Operand)> Rest)
    : Expression(Line, Above(Line, [First, .. Rest.Select(r => r.Operand)]))
{
    public override object? Evaluate(RenderContext context)
    {
        object? left = First.Evaluate(context);
        foreach ((string name, Expression operand) in Rest)
        {
            object? right = operand.Evaluate(context);
            context.Charge(TemplateValue.WeightOf(left) + TemplateValue.WeightOf(right), Line);
            if (!TemplateOperators.Compare(name, left, right, Line))
            {
                return false;
            }

            left = right;
        }

        return true;
    }
}

internal sealed record Member(int Line, Expression Target, Expression Key) : Expression(Line, Above(Line, Target, Key))
{
    public override object? Evaluate(RenderContext context)
        => TemplateOperators.Index(Target.Evaluate(context), Key.Evaluate(context), Line);
}

internal sealed record Slice(int Line, Expression Target, Expression? Start, Expression? Stop, Expression? Step)
    : Expression(Line, Above(Line, Target, Start, Stop, Step))
{
    public override object? Evaluate(RenderContext context)
        => TemplateOperators.Slice(
            Target.Evaluate(context), Start?.Evaluate(context), Stop?.Evaluate(context), Step?.Evaluate(context), context, Line);
}
