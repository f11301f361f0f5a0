namespace LongWriter.Onnx.Chat.Templates;

/// <summary>A place in the list of tokens, and how deep the parser stands.</summary>
internal sealed class TokenReader(List<TemplateToken> tokens)
{
    private const int MaxDepth = 60;

    private int position;
    private int depth;

    public TemplateToken Current => tokens[position];

    public TemplateToken Take() => tokens[position < tokens.Count - 1 ? position++ : position];

    public bool Is(TokenKind kind, string value) => Current.Kind == kind && Current.Value == value;

    public bool NextIs(TokenKind kind, string value)
        => position + 1 < tokens.Count && tokens[position + 1].Kind == kind && tokens[position + 1].Value == value;

    public bool TryTake(TokenKind kind, string value)
    {
        bool there = Is(kind, value);
        position += there ? 1 : 0;
        return there;
    }

    public bool TryOperator(string value) => TryTake(TokenKind.Operator, value);

    public bool TryName(string value) => TryTake(TokenKind.Name, value);

    public void Operator(string value)
    {
        if (!TryOperator(value))
        {
            throw Expected($"'{value}'");
        }
    }

    public TemplateToken Expect(TokenKind kind, string what) => Current.Kind == kind ? Take() : throw Expected(what);

    public TemplateProblem Expected(string what) => new(Current.Line, $"expected {what}, found '{Current.Value}'.");

    /// <summary>Counts nesting, so that a hostile template cannot use up the stack.</summary>
    public void Enter()
    {
        if (++depth > MaxDepth)
        {
            throw new TemplateProblem(Current.Line, $"nested deeper than {MaxDepth}.");
        }
    }

    public void Leave() => depth--;
}
