namespace LongWriter.Onnx.Chat.Templates;

internal sealed record ForStatement(
    int Line, IReadOnlyList<string> Names, Expression Items, Expression? Filter, IReadOnlyList<Statement> Body, IReadOnlyList<Statement> Otherwise)
    : Statement(Line)
{
    // A round costs a scope and the loop variable, which is dearer than looking at a node.
    private const int StepsPerRound = 20;

    public override void Run(RenderContext context)
    {
        List<object?> items = TemplateOperators.ChargedItems(Items.Evaluate(context), context, Line);
        items = Filter is null ? items : items.FindAll(item => IsWanted(item, context));
        if (items.Count == 0)
        {
            context.Run(Otherwise);
            return;
        }

        for (int i = 0; i < items.Count; i++)
        {
            context.Charge(StepsPerRound, Line);
            context.EnterScope();
            SetStatement.Assign(context, Names, items[i], Line);
            context.Set("loop", LoopAt(i, items));
            context.Run(Body);
            context.LeaveScope();
            bool ends = context.Signal == LoopSignal.Break;
            context.Signal = LoopSignal.None;
            if (ends)
            {
                break;
            }
        }
    }

    private bool IsWanted(object? item, RenderContext context)
    {
        context.EnterScope();
        SetStatement.Assign(context, Names, item, Line);
        bool wanted = TemplateValue.IsTrue(Filter!.Evaluate(context));
        context.LeaveScope();
        return wanted;
    }

    private static TemplateMap LoopAt(int index, List<object?> items) => new()
    {
        ["index"] = index + 1L,
        ["index0"] = (long)index,
        ["revindex"] = (long)(items.Count - index),
        ["revindex0"] = items.Count - index - 1L,
        ["first"] = index == 0,
        ["last"] = index == items.Count - 1,
        ["length"] = (long)items.Count,
        ["previtem"] = index > 0 ? items[index - 1] : Undefined.Value,
        ["nextitem"] = index + 1 < items.Count ? items[index + 1] : Undefined.Value,
    };
}
