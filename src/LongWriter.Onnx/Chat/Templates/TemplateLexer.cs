using System.Globalization;
using System.Text;

namespace LongWriter.Onnx.Chat.Templates;

internal enum TokenKind
{
    Text,
    OpenOutput,
    CloseOutput,
    OpenBlock,
    CloseBlock,
    Name,
    Integer,
    Float,
    String,
    Operator,
    End,
}

internal readonly record struct TemplateToken(TokenKind Kind, string Value, int Line);

/// <summary>Cuts a template into text and the tokens within tags, whitespace control applied.</summary>
internal sealed class TemplateLexer
{
    private static readonly string[] Operators =
        ["**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")", "[", "]", "{", "}", ",", ":", ".", "|"];

    private readonly string source;
    private readonly List<TemplateToken> tokens = [];
    private int position;
    private int line = 1;

    // Jinja drops the last line break of a template.
    private TemplateLexer(string source)
        => this.source = source.EndsWith("\r\n", StringComparison.Ordinal) ? source[..^2] : source.EndsWith('\n') ? source[..^1] : source;

    public static List<TemplateToken> Read(string source)
    {
        var lexer = new TemplateLexer(source);
        lexer.Read();
        return lexer.tokens;
    }

    private void Read()
    {
        bool stripNext = false;
        while (position < source.Length)
        {
            int tag = NextTag();
            string text = source[position..tag];
            int textLine = line;
            bool startsLine = position == 0 || source[position - 1] == '\n';
            Advance(tag);
            text = stripNext ? text.TrimStart() : text;
            stripNext = false;
            if (tag < source.Length)
            {
                text = StripBeforeTag(text, startsLine);
            }

            if (text.Length > 0)
            {
                tokens.Add(new TemplateToken(TokenKind.Text, text, textLine));
            }

            if (tag < source.Length)
            {
                stripNext = source[tag + 1] == '#' ? SkipComment() : ReadTag(source[tag + 1] == '{');
            }
        }

        tokens.Add(new TemplateToken(TokenKind.End, "the end of the template", line));
    }

    private int NextTag()
    {
        for (int i = position; (i = source.IndexOf('{', i)) >= 0 && i + 1 < source.Length; i++)
        {
            if (source[i + 1] is '{' or '%' or '#')
            {
                return i;
            }
        }

        return source.Length;
    }

    /// <summary>"-" takes all whitespace before a tag; a block or comment alone on its line takes the line's indentation.</summary>
    private string StripBeforeTag(string text, bool startsLine)
    {
        char control = position + 2 < source.Length ? source[position + 2] : ' ';
        if (control == '-')
        {
            return text.TrimEnd();
        }

        if (source[position + 1] == '{' || control == '+')
        {
            return text;
        }

        int lineStart = text.LastIndexOf('\n') + 1;
        return (lineStart > 0 || startsLine) && string.IsNullOrWhiteSpace(text[lineStart..]) ? text[..lineStart] : text;
    }

    private bool SkipComment()
    {
        int end = source.IndexOf("#}", position + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            throw new TemplateProblem(line, "'{#' without '#}'.");
        }

        bool strips = source[end - 1] == '-' && end - 1 > position + 1;
        Advance(end + 2);
        TrimLineBreak();
        return strips;
    }

    private bool ReadTag(bool isOutput)
    {
        string close = isOutput ? "}}" : "%}";
        tokens.Add(new TemplateToken(isOutput ? TokenKind.OpenOutput : TokenKind.OpenBlock, source.Substring(position, 2), line));
        Advance(position + (position + 2 < source.Length && source[position + 2] is '-' or '+' ? 3 : 2));
        int depth = 0;
        while (true)
        {
            while (position < source.Length && char.IsWhiteSpace(source[position]))
            {
                Advance(position + 1);
            }

            if (position == source.Length)
            {
                throw new TemplateProblem(line, $"a tag without '{close}'.");
            }

            char control = source[position] is '-' or '+' ? source[position] : '\0';
            if (depth == 0 && source.AsSpan(position + (control == '\0' ? 0 : 1)).StartsWith(close, StringComparison.Ordinal))
            {
                tokens.Add(new TemplateToken(isOutput ? TokenKind.CloseOutput : TokenKind.CloseBlock, close, line));
                Advance(position + (control == '\0' ? 2 : 3));
                if (!isOutput && control == '\0')
                {
                    TrimLineBreak();
                }

                return control == '-';
            }

            TemplateToken token = ReadToken();
            depth += token.Kind == TokenKind.Operator ? token.Value switch { "(" or "[" or "{" => 1, ")" or "]" or "}" => -1, _ => 0 } : 0;
            tokens.Add(token);
        }
    }

    private TemplateToken ReadToken()
    {
        char first = source[position];
        int start = position;
        if (char.IsAsciiLetter(first) || first == '_')
        {
            int end = position;
            while (end < source.Length && (char.IsAsciiLetterOrDigit(source[end]) || source[end] == '_'))
            {
                end++;
            }

            Advance(end);
            return new TemplateToken(TokenKind.Name, source[start..end], line);
        }

        if (char.IsAsciiDigit(first))
        {
            return ReadNumber();
        }

        if (first is '\'' or '"')
        {
            return ReadString(first);
        }

        foreach (string symbol in Operators)
        {
            if (source.AsSpan(position).StartsWith(symbol, StringComparison.Ordinal))
            {
                Advance(position + symbol.Length);
                return new TemplateToken(TokenKind.Operator, symbol, line);
            }
        }

        throw new TemplateProblem(line, $"the character '{first}' is not part of the language.");
    }

    private TemplateToken ReadNumber()
    {
        int start = position;
        int end = DigitsFrom(position);
        bool isFloat = end + 1 < source.Length && source[end] == '.' && char.IsAsciiDigit(source[end + 1]);
        end = isFloat ? DigitsFrom(end + 1) : end;
        int exponent = end < source.Length && source[end] is 'e' or 'E' ? end + 1 : source.Length;
        exponent += exponent < source.Length && source[exponent] is '+' or '-' ? 1 : 0;
        if (exponent < source.Length && char.IsAsciiDigit(source[exponent]))
        {
            (isFloat, end) = (true, DigitsFrom(exponent));
        }

        Advance(end);
        return new TemplateToken(isFloat ? TokenKind.Float : TokenKind.Integer, source[start..end].Replace("_", "", StringComparison.Ordinal), line);
    }

    private int DigitsFrom(int index)
    {
        while (index < source.Length && (char.IsAsciiDigit(source[index]) || source[index] == '_'))
        {
            index++;
        }

        return index;
    }

    private TemplateToken ReadString(char quote)
    {
        int startLine = line;
        var text = new StringBuilder();
        int index = position + 1;
        while (index < source.Length && source[index] != quote)
        {
            if (source[index] == '\\' && index + 1 < source.Length)
            {
                index++;
                if (source[index] is 'x' or 'u' or 'U')
                {
                    text.Append(ReadCodePoint(ref index, startLine));
                    continue;
                }

                text.Append(source[index] switch
                {
                    'n' => "\n",
                    't' => "\t",
                    'r' => "\r",
                    'b' => "\b",
                    'f' => "\f",
                    '\\' or '\'' or '"' => source[index].ToString(),
                    _ => "\\" + source[index],
                });
            }
            else
            {
                text.Append(source[index]);
            }

            index++;
        }

        if (index == source.Length)
        {
            throw new TemplateProblem(startLine, $"a string without its closing {quote}.");
        }

        Advance(index + 1);
        return new TemplateToken(TokenKind.String, text.ToString(), startLine);
    }

    /// <summary>A code point by two, four or eight hexadecimal digits; <paramref name="index"/> is then behind them.</summary>
    private string ReadCodePoint(ref int index, int startLine)
    {
        int digits = source[index] switch { 'x' => 2, 'u' => 4, _ => 8 };
        string text = source.Substring(index + 1, Math.Min(digits, source.Length - index - 1));
        bool isCodePoint = text.Length == digits && uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value) && Rune.IsValid(value);
        if (!isCodePoint)
        {
            throw new TemplateProblem(startLine, $"the escape '\\{source[index]}{text}' is no code point.");
        }

        index += 1 + digits;
        return new Rune(uint.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToString();
    }

    private void TrimLineBreak()
    {
        if (source.AsSpan(position).StartsWith("\r\n", StringComparison.Ordinal))
        {
            Advance(position + 2);
        }
        else if (position < source.Length && source[position] == '\n')
        {
            Advance(position + 1);
        }
    }

    private void Advance(int to)
    {
        line += source.AsSpan(position, to - position).Count('\n');
        position = to;
    }
}
