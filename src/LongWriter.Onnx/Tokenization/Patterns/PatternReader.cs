using System.Globalization;

namespace LongWriter.Onnx.Tokenization.Patterns;

/// <summary>Reads the atoms of a pattern: sets, escapes and quantifiers.</summary>
internal sealed class PatternReader(string pattern)
{
    public int Position { get; set; }

    public bool AtEnd => Position == pattern.Length;

    public char Previous => pattern[Position - 1];

    public bool IsAt(char expected) => !AtEnd && pattern[Position] == expected;

    public bool TryTake(char expected)
    {
        bool there = IsAt(expected);
        Position += there ? 1 : 0;
        return there;
    }

    public bool TryTake(string expected)
    {
        bool there = pattern.AsSpan(Position).StartsWith(expected, StringComparison.Ordinal);
        Position += there ? expected.Length : 0;
        return there;
    }

    public void Take(char expected)
    {
        if (!TryTake(expected))
        {
            throw Problem($"no '{expected}'");
        }
    }

    public PatternException Problem(string found) => new($"{found} at character {Position + 1}");

    /// <summary>One code point, an escape, "." or a class in brackets.</summary>
    public CodePointSet ReadSet(bool ignoreCase)
    {
        if (TryTake('['))
        {
            return ReadClass(ignoreCase);
        }

        if (TryTake('.'))
        {
            return new CodePointSet { IsNegated = true }.AddRange('\n', '\n');
        }

        if (IsAt('\\'))
        {
            return ReadEscape(ignoreCase, out _);
        }

        if ("*+?{}^$]".Contains(pattern[Position], StringComparison.Ordinal))
        {
            throw Problem($"'{pattern[Position]}'");
        }

        return Literal(ReadCodePoint(), ignoreCase);
    }

    public (int Min, int Max) ReadQuantifier(int maxRepeats, out bool possessive)
    {
        (int min, int max) = (1, 1);
        bool braces = false;
        if (TryTake('?'))
        {
            (min, max) = (0, 1);
        }
        else if (TryTake('*'))
        {
            (min, max) = (0, int.MaxValue);
        }
        else if (TryTake('+'))
        {
            (min, max) = (1, int.MaxValue);
        }
        else if (TryTake('{'))
        {
            braces = true;
            min = ReadCount(maxRepeats);
            max = !TryTake(',') ? min : IsAt('}') ? int.MaxValue : ReadCount(maxRepeats);
            Take('}');
            if (max < min || max == 0)
            {
                throw Problem($"a quantifier from {min} to {max}");
            }
        }
        else
        {
            possessive = false;
            return (1, 1);
        }

        possessive = !braces && TryTake('+');
        if (IsAt('?') || IsAt('*') || IsAt('+') || IsAt('{'))
        {
            throw Problem("a lazy or repeated quantifier");
        }

        return (min, max);
    }

    private int ReadCount(int maxRepeats)
    {
        int start = Position;
        while (!AtEnd && char.IsAsciiDigit(pattern[Position]))
        {
            Position++;
        }

        return int.TryParse(pattern.AsSpan(start, Position - start), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count <= maxRepeats
            ? count
            : throw Problem($"a count outside [0, {maxRepeats}]");
    }

    private CodePointSet ReadClass(bool ignoreCase)
    {
        var set = new CodePointSet { IsNegated = TryTake('^') };
        bool empty = true;
        while (!IsAt(']') || empty)
        {
            if (AtEnd || IsAt('[') || pattern.AsSpan(Position).StartsWith("&&", StringComparison.Ordinal))
            {
                throw Problem(AtEnd ? "a class without ']'" : "a class within a class");
            }

            empty = false;
            int single = -1;
            CodePointSet item = IsAt('\\') ? ReadEscape(ignoreCase, out single) : Literal(single = ReadCodePoint(), ignoreCase);
            if (single >= 0 && IsAt('-') && Position + 1 < pattern.Length && pattern[Position + 1] != ']')
            {
                Position++;
                int last = -1;
                _ = IsAt('\\') ? ReadEscape(ignoreCase, out last) : Literal(last = ReadCodePoint(), ignoreCase);
                if (last < single)
                {
                    throw Problem("a range that ends before it begins");
                }

                AddRange(set, single, last, ignoreCase);
                continue;
            }

            set.AddPart(item);
        }

        Position++;
        return set;
    }

    private void AddRange(CodePointSet set, int from, int to, bool ignoreCase)
    {
        if (ignoreCase && to >= 0x80)
        {
            throw Problem("a range beyond ASCII under (?i:");
        }

        set.AddRange(from, to);
        for (int codePoint = from; ignoreCase && codePoint <= to; codePoint++)
        {
            set.AddFolded(codePoint);
        }
    }

    private CodePointSet Literal(int codePoint, bool ignoreCase)
    {
        if (ignoreCase && codePoint >= 0x80)
        {
            throw Problem("a character beyond ASCII under (?i:");
        }

        return ignoreCase ? new CodePointSet().AddFolded(codePoint) : new CodePointSet().AddRange(codePoint, codePoint);
    }

    private CodePointSet ReadEscape(bool ignoreCase, out int single)
    {
        Position++;
        if (AtEnd)
        {
            throw Problem("a pattern that ends in '\\'");
        }

        char name = pattern[Position++];
        single = -1;
        switch (name)
        {
            case 's' or 'S':
                return new CodePointSet { IsNegated = name == 'S' }.AddWhitespace();
            case 'd' or 'D':
                return new CodePointSet { IsNegated = name == 'D' }.AddCategories(UnicodeProperty.MaskOf("Nd")!.Value);
            case 'p' or 'P':
                return ReadProperty(negated: name == 'P');
            case 'n':
                single = '\n';
                break;
            case 'r':
                single = '\r';
                break;
            case 't':
                single = '\t';
                break;
            case 'f':
                single = '\f';
                break;
            case 'x' or 'u':
                single = ReadHex(name);
                break;
            default:
                if (char.IsAsciiLetterOrDigit(name))
                {
                    throw Problem($"'\\{name}'");
                }

                Position--;
                single = ReadCodePoint();
                break;
        }

        return Literal(single, ignoreCase);
    }

    private CodePointSet ReadProperty(bool negated)
    {
        Take('{');
        negated ^= TryTake('^');
        int end = pattern.IndexOf('}', Position);
        ReadOnlySpan<char> name = end < 0 ? default : pattern.AsSpan(Position, end - Position);
        uint mask = UnicodeProperty.MaskOf(name) ?? throw Problem($"the property '{name}'");
        Position = end + 1;
        return new CodePointSet { IsNegated = negated }.AddCategories(mask);
    }

    /// <summary>The digits of \xHH, \x{H…} or \uHHHH.</summary>
    private int ReadHex(char name)
    {
        bool braces = name == 'x' && TryTake('{');
        int end = braces ? pattern.IndexOf('}', Position) : Math.Min(pattern.Length, Position + (name == 'u' ? 4 : 2));
        ReadOnlySpan<char> digits = end < 0 ? default : pattern.AsSpan(Position, end - Position);
        if (!int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value) || value is < 0 or > 0x10FFFF)
        {
            throw Problem("a code point that is no hexadecimal number");
        }

        Position = braces ? end + 1 : end;
        return value;
    }

    private int ReadCodePoint()
    {
        int width = char.IsSurrogatePair(pattern, Position) ? 2 : 1;
        int codePoint = char.ConvertToUtf32(pattern, Position);
        Position += width;
        return codePoint;
    }
}
