using System.Globalization;

namespace LongWriter.Onnx.Chat.Templates;

/// <summary>Reads expressions by Jinja's order of precedence, the loosest first.</summary>
internal sealed class ExpressionParser(TokenReader reader)
{
    private static readonly string[] Comparisons = ["==", "!=", "<=", ">=", "<", ">"];

    public Expression Read()
    {
        reader.Enter();
        Expression value = ReadOr();
        while (reader.Current is { Kind: TokenKind.Name, Value: "if" } word)
        {
            reader.Take();
            Expression condition = ReadOr();
            value = new Conditional(word.Line, condition, value, reader.TryName("else") ? Read() : null);
        }

        reader.Leave();
        return value;
    }

    public Expression ReadWithoutCondition() => ReadOr();

    /// <summary>One value, or several with commas, which make a list.</summary>
    public Expression ReadMaybeTuple()
    {
        int line = reader.Current.Line;
        Expression first = Read();
        if (!reader.Is(TokenKind.Operator, ","))
        {
            return first;
        }

        var items = new List<Expression> { first };
        while (reader.TryOperator(","))
        {
            if (reader.Is(TokenKind.Operator, ")") || reader.Current.Kind == TokenKind.CloseBlock)
            {
                break;
            }

            items.Add(Read());
        }

        return new ListLiteral(line, items);
    }

    private Expression ReadOr()
    {
        Expression left = ReadAnd();
        while (reader.TryName("or"))
        {
            left = new Logical(left.Line, IsAnd: false, left, ReadAnd());
        }

        return left;
    }

    private Expression ReadAnd()
    {
        Expression left = ReadNot();
        while (reader.TryName("and"))
        {
            left = new Logical(left.Line, IsAnd: true, left, ReadNot());
        }

        return left;
    }

    private Expression ReadNot()
    {
        if (reader.Current is not { Kind: TokenKind.Name, Value: "not" } word)
        {
            return ReadComparison();
        }

        reader.Enter();
        reader.Take();
        var negated = new Not(word.Line, ReadNot());
        reader.Leave();
        return negated;
    }

    private Expression ReadComparison()
    {
        Expression first = ReadBinary(0);
        var rest = new List<(string, Expression)>();
        while (TryComparison() is { } name)
        {
            rest.Add((name, ReadBinary(0)));
        }

        return rest.Count == 0 ? first : new Comparison(first.Line, first, rest);
    }

    private string? TryComparison()
    {
        if (reader.TryName("in"))
        {
            return "in";
        }

        if (reader.Is(TokenKind.Name, "not") && reader.NextIs(TokenKind.Name, "in"))
        {
            reader.Take();
            reader.Take();
            return "not in";
        }

        return Array.Find(Comparisons, reader.TryOperator);
    }

    private static readonly string[][] Levels = [["+", "-"], ["~"], ["*", "//", "/", "%"]];

    private Expression ReadBinary(int level)
    {
        if (level == Levels.Length)
        {
            return ReadUnary(withFilters: true);
        }

        Expression left = ReadBinary(level + 1);
        while (Array.Find(Levels[level], reader.TryOperator) is { } symbol)
        {
            left = new Binary(left.Line, symbol, left, ReadBinary(level + 1));
        }

        return reader.Is(TokenKind.Operator, "**") ? throw new TemplateProblem(reader.Current.Line, "the operator '**' is not supported.") : left;
    }

    private Expression ReadUnary(bool withFilters)
    {
        TemplateToken sign = reader.Current;
        Expression value;
        if (reader.TryOperator("-") || reader.TryOperator("+"))
        {
            reader.Enter();
            value = new Negate(sign.Line, ReadUnary(withFilters: false), sign.Value == "-");
            reader.Leave();
        }
        else
        {
            value = ReadPostfix(ReadPrimary());
        }

        return withFilters ? ReadFiltersAndTests(value) : value;
    }

    private Expression ReadFiltersAndTests(Expression value)
    {
        while (true)
        {
            int line = reader.Current.Line;
            if (reader.TryOperator("|"))
            {
                value = ReadFilter(value);
            }
            else if (reader.TryName("is"))
            {
                bool negated = reader.TryName("not");
                string name = reader.Expect(TokenKind.Name, "a test's name").Value;
                TemplateTests.Require(name, line);
                value = new Test(line, value, name, negated, ReadTestArguments());
            }
            else
            {
                return value;
            }
        }
    }

    /// <summary>A filter's name and its values, after the "|".</summary>
    public Filter ReadFilter(Expression value)
    {
        TemplateToken name = reader.Expect(TokenKind.Name, "a filter's name");
        TemplateFilters.Require(name.Value, name.Line);
        ArgumentList arguments = reader.TryOperator("(") ? ReadArguments() : ArgumentList.None;
        FilterArguments.Require(name.Value, arguments, name.Line);
        return new Filter(name.Line, value, name.Value, arguments);
    }

    private ArgumentList ReadTestArguments()
    {
        if (reader.TryOperator("("))
        {
            return ReadArguments();
        }

        bool bare = reader.Current.Kind is TokenKind.String or TokenKind.Integer or TokenKind.Float
            || reader.Is(TokenKind.Operator, "[") || reader.Is(TokenKind.Operator, "{")
            || (reader.Current.Kind == TokenKind.Name && reader.Current.Value is not ("and" or "or" or "else" or "if" or "in" or "is" or "not"));
        return bare ? new ArgumentList([ReadPostfix(ReadPrimary())], []) : ArgumentList.None;
    }

    private Expression ReadPostfix(Expression value)
    {
        while (true)
        {
            int line = reader.Current.Line;
            if (reader.TryOperator("."))
            {
                TemplateToken name = reader.Take();
                object key = name.Kind switch
                {
                    TokenKind.Name => name.Value,
                    TokenKind.Integer when long.TryParse(name.Value, CultureInfo.InvariantCulture, out long index) => index,
                    _ => throw new TemplateProblem(name.Line, $"expected a name after '.', found '{name.Value}'."),
                };
                value = new Member(line, value, new Literal(line, key));
            }
            else if (reader.TryOperator("["))
            {
                value = ReadSubscript(value, line);
            }
            else if (reader.TryOperator("("))
            {
                value = new Call(line, value, ReadArguments());
            }
            else
            {
                return value;
            }
        }
    }

    private Expression ReadSubscript(Expression target, int line)
    {
        Expression? start = reader.Is(TokenKind.Operator, ":") ? null : Read();
        if (reader.TryOperator("]"))
        {
            return new Member(line, target, start!);
        }

        reader.Operator(":");
        Expression? stop = reader.Is(TokenKind.Operator, ":") || reader.Is(TokenKind.Operator, "]") ? null : Read();
        Expression? step = reader.TryOperator(":") && !reader.Is(TokenKind.Operator, "]") ? Read() : null;
        reader.Operator("]");
        return new Slice(line, target, start, stop, step);
    }

    private ArgumentList ReadArguments()
    {
        var positional = new List<Expression>();
        var named = new List<(string, Expression)>();
        while (!reader.TryOperator(")"))
        {
            if (reader.Current.Kind == TokenKind.Name && reader.NextIs(TokenKind.Operator, "="))
            {
                string name = reader.Take().Value;
                reader.Take();
                named.Add((name, Read()));
            }
            else
            {
                positional.Add(named.Count == 0 ? Read() : throw reader.Expected("a named argument"));
            }

            if (!reader.Is(TokenKind.Operator, ")"))
            {
                reader.Operator(",");
            }
        }

        return new ArgumentList(positional, named);
    }

    private Expression ReadPrimary()
    {
        TemplateToken token = reader.Take();
        switch (token.Kind)
        {
            case TokenKind.Name:
                return token.Value switch
                {
                    "true" or "True" => new Literal(token.Line, true),
                    "false" or "False" => new Literal(token.Line, false),
                    "none" or "None" => new Literal(token.Line, null),
                    "and" or "or" or "in" or "is" or "if" or "else" or "not"
                        => throw new TemplateProblem(token.Line, $"expected a value, found '{token.Value}'."),
                    _ => new Variable(token.Line, token.Value),
                };
            case TokenKind.String:
                string text = token.Value;
                while (reader.Current.Kind == TokenKind.String)
                {
                    text += reader.Take().Value;
                }

                return new Literal(token.Line, text);
            case TokenKind.Integer:
                return long.TryParse(token.Value, CultureInfo.InvariantCulture, out long whole)
                    ? new Literal(token.Line, whole)
                    : throw new TemplateProblem(token.Line, $"the number {token.Value} is too large.");
            case TokenKind.Float:
                return new Literal(token.Line, double.Parse(token.Value, CultureInfo.InvariantCulture));
            case TokenKind.Operator when token.Value == "(":
                Expression inner = reader.Is(TokenKind.Operator, ")") ? new ListLiteral(token.Line, []) : ReadMaybeTuple();
                reader.Operator(")");
                return inner;
            case TokenKind.Operator when token.Value == "[":
                return ReadList(token.Line);
            case TokenKind.Operator when token.Value == "{":
                return ReadMap(token.Line);
            default:
                throw new TemplateProblem(token.Line, $"expected a value, found '{token.Value}'.");
        }
    }

    private ListLiteral ReadList(int line)
    {
        var items = new List<Expression>();
        while (!reader.TryOperator("]"))
        {
            items.Add(Read());
            if (!reader.Is(TokenKind.Operator, "]"))
            {
                reader.Operator(",");
            }
        }

        return new ListLiteral(line, items);
    }

    private MapLiteral ReadMap(int line)
    {
        var entries = new List<(Expression, Expression)>();
        while (!reader.TryOperator("}"))
        {
            Expression key = Read();
            reader.Operator(":");
            entries.Add((key, Read()));
            if (!reader.Is(TokenKind.Operator, "}"))
            {
                reader.Operator(",");
            }
        }

        return new MapLiteral(line, entries);
    }
}
