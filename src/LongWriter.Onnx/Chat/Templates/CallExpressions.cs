namespace LongWriter.Onnx.Chat.Templates;

/// <summary>Arguments as they are written.</summary>
internal sealed record ArgumentList(IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named)
{
    public static ArgumentList None { get; } = new([], []);

    public IEnumerable<Expression> All => Positional.Concat(Named.Select(entry => entry.Value));

    public CallArguments Evaluate(RenderContext context)
    {
        var named = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach ((string name, Expression value) in Named)
        {
            named[name] = value.Evaluate(context);
        }

        return new CallArguments([.. Positional.Select(value => value.Evaluate(context))], named);
    }
}

/// <summary>A function by name, or a method of a value.</summary>
internal sealed record Call(int Line, Expression Callee, ArgumentList Arguments) : Expression(Line, Above(Line, [Callee, .. Arguments.All]))
{
    public override object? Evaluate(RenderContext context)
    {
        context.Charge(1, Line);
        return Invoke(context, body: null);
    }

    /// <param name="context">The rendering.</param>
    /// <param name="body">Of a call block; null for a plain call.</param>
    public object? Invoke(RenderContext context, TemplateFunction? body)
    {
        if (body is null && Callee is Member { Key: Literal { Value: string method } } member)
        {
            object? target = member.Target.Evaluate(context);
            return TemplateMethods.Call(target, method, Arguments.Evaluate(context), context, Line);
        }

        if (Callee.Evaluate(context) is TemplateFunction function)
        {
            CallArguments arguments = Arguments.Evaluate(context);
            return function(
                body is null ? arguments : arguments with { Named = new Dictionary<string, object?>(arguments.Named) { [CallStatement.Caller] = body } }, context, Line);
        }

        throw new TemplateProblem(Line, Callee is Variable variable ? $"the function '{variable.Name}' is not supported." : "this is no function.");
    }
}

internal sealed record Filter(int Line, Expression Operand, string Name, ArgumentList Arguments)
    : Expression(Line, Above(Line, [Operand, .. Arguments.All]))
{
    public override object? Evaluate(RenderContext context)
    {
        object? value = Operand.Evaluate(context);
        context.Charge(TemplateValue.WeightOf(value), Line);
        return TemplateFilters.Apply(Name, value, Arguments.Evaluate(context), context, Line);
    }
}

internal sealed record Test(int Line, Expression Operand, string Name, bool IsNegated, ArgumentList Arguments)
    : Expression(Line, Above(Line, [Operand, .. Arguments.All]))
{
    public override object? Evaluate(RenderContext context)
    {
        context.Charge(1, Line);
        CallArguments arguments = Arguments.Evaluate(context);
        return TemplateTests.Holds(Name, Operand.Evaluate(context), arguments.Positional, Line) != IsNegated;
    }
}
