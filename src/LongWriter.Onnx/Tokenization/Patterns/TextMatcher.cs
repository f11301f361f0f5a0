namespace LongWriter.Onnx.Tokenization.Patterns;

/// <summary>Finds a fixed text or a regular expression. Holds no state: safe for concurrent use.</summary>
internal abstract class TextMatcher
{
    /// <summary>The first match that begins at or behind <paramref name="from"/>.</summary>
    public abstract bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int end);

    /// <summary>The text with each match, from left to right, replaced by <paramref name="content"/>.</summary>
    public string Replace(ReadOnlySpan<char> text, string content)
    {
        var output = new System.Text.StringBuilder(text.Length);
        int taken = 0;
        while (TryFind(text, taken, out int start, out int end))
        {
            output.Append(text[taken..start]).Append(content);
            taken = end;
        }

        return output.Append(text[taken..]).ToString();
    }
}

/// <summary>Finds a fixed text of one character or more.</summary>
internal sealed class LiteralMatcher(string literal) : TextMatcher
{
    public string Literal => literal;

    public override bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        int found = text[from..].IndexOf(literal, StringComparison.Ordinal);
        start = from + found;
        end = start + literal.Length;
        return found >= 0;
    }
}

/// <summary>Finds a regular expression.</summary>
internal sealed class PatternMatcher(PatternProgram program, string place) : TextMatcher
{
    public override bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        for (start = from; start < text.Length; start += char.IsHighSurrogate(text[start]) ? 2 : 1)
        {
            end = program.Match(text, start, place);
            if (end > start)
            {
                return true;
            }
        }

        end = start;
        return false;
    }
}
