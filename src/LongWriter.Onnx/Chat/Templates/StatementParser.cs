namespace LongWriter.Onnx.Chat.Templates;

/// <summary>Reads text, outputs and blocks.</summary>
internal sealed class StatementParser
{
    private readonly TokenReader reader;
    private readonly ExpressionParser expressions;
    private int loopDepth;

    public StatementParser(List<TemplateToken> tokens)
    {
        reader = new TokenReader(tokens);
        expressions = new ExpressionParser(reader);
    }

    public List<Statement> ReadTemplate()
    {
        List<Statement> statements = ReadBody();
        return reader.Current.Kind == TokenKind.End ? statements : throw reader.Expected("a block that begins");
    }

    /// <summary>Statements up to a block with one of the names, of which "{% name" is taken.</summary>
    private List<Statement> ReadBody(params ReadOnlySpan<string> enders)
    {
        reader.Enter();
        var statements = new List<Statement>();
        while (reader.Current.Kind != TokenKind.End)
        {
            TemplateToken token = reader.Take();
            if (token.Kind == TokenKind.Text)
            {
                statements.Add(new TextStatement(token.Line, token.Value));
            }
            else if (token.Kind == TokenKind.OpenOutput)
            {
                statements.Add(new OutputStatement(token.Line, expressions.Read()));
                reader.Expect(TokenKind.CloseOutput, "'}}'");
            }
            else if (enders.Contains(reader.Current.Value))
            {
                reader.Leave();
                return statements;
            }
            else
            {
                statements.Add(ReadBlock(reader.Expect(TokenKind.Name, "a block's name")));
            }
        }

        if (enders.Length > 0)
        {
            throw reader.Expected($"'{{% {enders[^1]} %}}'");
        }

        reader.Leave();
        return statements;
    }

    private Statement ReadBlock(TemplateToken name)
    {
        switch (name.Value)
        {
            case "if":
                return ReadIf(name.Line);
            case "for":
                return ReadFor(name.Line);
            case "set":
                return ReadSet(name.Line);
            case "macro":
                return ReadMacro(name.Line);
            case "call":
                return ReadCall(name.Line);
            case "filter":
                return ReadFilter(name.Line);
            case "generation":
                CloseBlock();
                var block = new PlainBlock(name.Line, ReadBody("endgeneration"));
                End("endgeneration");
                return block;
            case "break" or "continue" when loopDepth > 0:
                CloseBlock();
                return new SignalStatement(name.Line, name.Value == "break" ? LoopSignal.Break : LoopSignal.Continue);
            default:
                throw new TemplateProblem(name.Line, $"the block '{name.Value}' is not supported here.");
        }
    }

    private IfStatement ReadIf(int line)
    {
        var branches = new List<(Expression?, IReadOnlyList<Statement>)>();
        Expression condition = expressions.Read();
        CloseBlock();
        branches.Add((condition, ReadBody("elif", "else", "endif")));
        while (reader.TryName("elif"))
        {
            condition = expressions.Read();
            CloseBlock();
            branches.Add((condition, ReadBody("elif", "else", "endif")));
        }

        if (reader.TryName("else"))
        {
            CloseBlock();
            branches.Add((null, ReadBody("endif")));
        }

        End("endif");
        return new IfStatement(line, branches);
    }

    private ForStatement ReadFor(int line)
    {
        List<string> names = ReadNames();
        if (!reader.TryName("in"))
        {
            throw reader.Expected("'in'");
        }

        // Without the inline if: "for x in y if z" filters.
        Expression items = expressions.ReadWithoutCondition();
        Expression? filter = reader.TryName("if") ? expressions.Read() : null;
        CloseBlock();
        loopDepth++;
        List<Statement> body = ReadBody("else", "endfor");
        loopDepth--;
        List<Statement> otherwise = [];
        if (reader.TryName("else"))
        {
            CloseBlock();
            otherwise = ReadBody("endfor");
        }

        End("endfor");
        return new ForStatement(line, names, items, filter, body, otherwise);
    }

    private MacroStatement ReadMacro(int line)
    {
        string name = reader.Expect(TokenKind.Name, "a macro's name").Value;
        reader.Operator("(");
        List<MacroParameter> parameters = ReadParameters();
        CloseBlock();
        return new MacroStatement(line, name, parameters, ReadMacroBody("endmacro"));
    }

    private CallStatement ReadCall(int line)
    {
        List<MacroParameter> parameters = reader.TryOperator("(") ? ReadParameters() : [];
        Call callee = expressions.Read() as Call ?? throw new TemplateProblem(line, "the block 'call' takes the call of a macro.");
        CloseBlock();
        return new CallStatement(line, parameters, callee, ReadMacroBody("endcall"));
    }

    private OutputStatement ReadFilter(int line)
    {
        var body = new List<Statement>();
        Filter filtered = ReadFilters(new BodyExpression(line, body));
        CloseBlock();
        body.AddRange(ReadBody("endfilter"));
        End("endfilter");
        return new OutputStatement(line, filtered);
    }

    private Filter ReadFilters(BodyExpression body)
    {
        Filter filtered = expressions.ReadFilter(body);
        while (reader.TryOperator("|"))
        {
            filtered = expressions.ReadFilter(filtered);
        }

        return filtered;
    }

    /// <summary>A loop around a macro is not one that the macro could leave.</summary>
    private List<Statement> ReadMacroBody(string ender)
    {
        int outer = loopDepth;
        loopDepth = 0;
        List<Statement> body = ReadBody(ender);
        loopDepth = outer;
        End(ender);
        return body;
    }

    private List<MacroParameter> ReadParameters()
    {
        var parameters = new List<MacroParameter>();
        while (!reader.TryOperator(")"))
        {
            TemplateToken name = reader.Expect(TokenKind.Name, "a parameter's name");
            Expression? absent = reader.TryOperator("=") ? expressions.Read() : null;
            if (parameters.Exists(parameter => parameter.Name == name.Value))
            {
                throw new TemplateProblem(name.Line, $"the parameter '{name.Value}' is there twice.");
            }

            parameters.Add(new MacroParameter(name.Value, absent));
            if (!reader.Is(TokenKind.Operator, ")"))
            {
                reader.Operator(",");
            }
        }

        return parameters;
    }

    private SetStatement ReadSet(int line)
    {
        List<string> names = ReadNames();
        string? attribute = reader.TryOperator(".") ? reader.Expect(TokenKind.Name, "a name").Value : null;
        if (reader.TryOperator("="))
        {
            Expression value = expressions.ReadMaybeTuple();
            CloseBlock();
            return new SetStatement(line, names, attribute, value, []);
        }

        var body = new List<Statement>();
        Filter? filtered = reader.TryOperator("|") ? ReadFilters(new BodyExpression(line, body)) : null;
        CloseBlock();
        body.AddRange(ReadBody("endset"));
        End("endset");
        return new SetStatement(line, names, attribute, filtered, body);
    }

    private List<string> ReadNames()
    {
        var names = new List<string>();
        do
        {
            names.Add(reader.Expect(TokenKind.Name, "a name").Value);
        }
        while (reader.TryOperator(","));
        return names;
    }

    private void End(string name)
    {
        if (!reader.TryName(name))
        {
            throw reader.Expected($"'{name}'");
        }

        CloseBlock();
    }

    private void CloseBlock() => reader.Expect(TokenKind.CloseBlock, "'%}'");
}
