using System.Globalization;
using System.Text;

namespace LongWriter.Scoring;

/// <summary>Reads one value from a place of a text. For one use.</summary>
internal sealed class LooseJsonReader(string text, int start)
{
    private const int MaxDepth = 24;

    private string? expected;
    private int failedAt;

    /// <summary>Where reading stands: after the value, or where it failed.</summary>
    public int Position { get; private set; } = start;

    /// <summary>What went wrong; null while nothing did. Made when asked for: it counts lines, and few failures are ever told.</summary>
    public string? Problem => expected is null ? null : Describe(expected);

    /// <summary>True when the text ended within the value.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The value; null when it cannot be read, and <see cref="Problem"/> then says why.</summary>
    public LooseValue? Read() => ReadValue(0, inList: false);

    private LooseValue? ReadValue(int depth, bool inList)
    {
        SkipSpaceAndComments();
        if (Position == text.Length)
        {
            Cut();
            return null;
        }

        if (depth > MaxDepth)
        {
            Fail("fewer levels");
            return null;
        }

        char c = text[Position];
        return c is '{' or '｛' ? ReadObject(depth)
            : c is '[' ? ReadList(depth)
            : LooseQuotes.ClosersOf(c).Length > 0 ? ReadQuotedValue(inList)
            : ReadBare();
    }

    private LooseObject? ReadObject(int depth)
    {
        Position++;
        List<KeyValuePair<string, LooseValue>> members = [];
        while (true)
        {
            SkipSeparators();
            if (Position == text.Length)
            {
                Cut();
                return null;
            }

            if (text[Position] is '}' or '｝')
            {
                Position++;
                return new LooseObject(members);
            }

            if (ReadName() is not { } name || ReadValue(depth + 1, inList: false) is not { } value)
            {
                return null;
            }

            members.Add(new KeyValuePair<string, LooseValue>(name, value));
        }
    }

    private LooseList? ReadList(int depth)
    {
        Position++;
        List<LooseValue> items = [];
        while (true)
        {
            SkipSeparators();
            if (Position == text.Length)
            {
                Cut();
                return null;
            }

            if (text[Position] == ']')
            {
                Position++;
                return new LooseList(items);
            }

            int before = Position;
            if (ReadValue(depth + 1, inList: true) is not { } item)
            {
                return null;
            }

            if (Position == before)
            {
                Fail("a value or ']'");
                return null;
            }

            items.Add(item);
        }
    }

    /// <summary>A name and the colon after it; null when there is none.</summary>
    private string? ReadName()
    {
        string? name = LooseQuotes.ClosersOf(text[Position]).Length > 0 ? ReadQuoted(static (_, _) => true) : ReadBareName();
        if (name is null)
        {
            return null;
        }

        SkipSpaceAndComments();
        if (Position == text.Length)
        {
            Cut();
            return null;
        }

        if (text[Position] is not (':' or '：'))
        {
            Fail("':' after a name");
            return null;
        }

        Position++;
        return name;
    }

    private string? ReadBareName()
    {
        int from = Position;
        while (Position < text.Length && Position - from <= LooseQuotes.MaxNameChars && text[Position] is not (':' or '：'))
        {
            if (text[Position] is '{' or '}' or '[' or ']' or '"' or '“' or '”' or '｛' or '｝' or ',' or '，' or '\n' or '\r')
            {
                Fail("a name with ':' after it");
                return null;
            }

            Position++;
        }

        if (Position == text.Length)
        {
            Cut();
            return null;
        }

        if (Position == from || Position - from > LooseQuotes.MaxNameChars)
        {
            Fail("a name with ':' after it");
            return null;
        }

        return text[from..Position].Trim();
    }

    private LooseText? ReadQuotedValue(bool inList)
    {
        string? value = ReadQuoted(inList ? LooseQuotes.EndsItem : LooseQuotes.EndsMemberValue);
        return value is null ? null : new LooseText(value, IsQuoted: true);
    }

    /// <summary>A string. A quote inside it that nobody escaped is told from the closing one by what follows.</summary>
    private string? ReadQuoted(Func<string, int, bool> isEnd)
    {
        ReadOnlySpan<char> closers = LooseQuotes.ClosersOf(text[Position]);
        var value = new StringBuilder();
        Position++;
        while (Position < text.Length)
        {
            char c = text[Position];
            if (c == '\\')
            {
                Position = LooseQuotes.AppendEscape(text, Position, value);
                continue;
            }

            Position++;
            if (closers.Contains(c) && isEnd(text, Position))
            {
                return value.ToString();
            }

            value.Append(c);
        }

        Cut();
        return null;
    }

    private LooseText ReadBare()
    {
        int from = Position;
        while (Position < text.Length && !IsEndOfBare(text[Position]) && !LooseQuotes.StartsComment(text, Position))
        {
            Position++;
        }

        return new LooseText(text[from..Position].Trim(), IsQuoted: false);
    }

    private static bool IsEndOfBare(char c) =>
        c is ',' or '，' or ';' or '；' or '}' or '｝' or '{' or '｛' or '[' or ']' or '\n' or '\r' or '"' or '“' or '”';

    private void SkipSeparators()
    {
        SkipSpaceAndComments();
        while (Position < text.Length && text[Position] is ',' or '，' or ';' or '；')
        {
            Position++;
            SkipSpaceAndComments();
        }
    }

    private void SkipSpaceAndComments() => Position = LooseQuotes.SkipSpaceAndComments(text, Position, text.Length);

    private void Cut()
    {
        IsCut = true;
        Fail("more");
    }

    private void Fail(string what)
    {
        if (expected is null)
        {
            (expected, failedAt) = (what, Position);
        }
    }

    private string Describe(string what)
    {
        string found = failedAt < text.Length ? $"'{Clip(text[failedAt..Math.Min(text.Length, failedAt + 24)])}'" : "the end of the reply";
        int line = 1 + text.AsSpan(0, failedAt).Count('\n');
        return string.Create(CultureInfo.InvariantCulture, $"line {line}: expected {what}, found {found}");
    }

    private static string Clip(string snippet) => snippet.ReplaceLineEndings(" ").Trim();
}
