using System.Globalization;
using System.Text;

namespace LongWriter.Scoring;

/// <summary>Quotes, escapes, comments and space in text that is nearly JSON.</summary>
internal static class LooseQuotes
{
    /// <summary>Longest name without quotes.</summary>
    public const int MaxNameChars = 80;

    /// <summary>How far beyond a quote is looked to see whether it closes, so that a text of quotes takes linear time.</summary>
    private const int LookAhead = 400;

    /// <summary>What may close a string that <paramref name="opener"/> opens; empty when it opens none.</summary>
    public static string ClosersOf(char opener) => opener switch
    {
        '"' => "\"",
        '\'' => "'",
        '`' => "`",
        '“' or '”' => "”“\"",
        '‘' or '’' => "’‘'",
        '「' => "」",
        _ => "",
    };

    /// <summary>Whether a value of an object may end at <paramref name="index"/>, just past a closing quote.</summary>
    public static bool EndsMemberValue(string text, int index)
    {
        int limit = Math.Min(text.Length, index + LookAhead);
        int next = SkipSpaceAndComments(text, index, limit);
        if (next == limit || text[next] is '}' or '｝' or ']')
        {
            return next < limit || limit == text.Length;
        }

        // A comma may also go on with the sentence, so a name or the end of the object has to follow it.
        bool hasComma = text[next] is ',' or '，' or ';' or '；';
        bool hasLineBreak = text.AsSpan(index, next - index).Contains('\n');
        return (hasComma || hasLineBreak) && BeginsMember(text, hasComma ? SkipSpaceAndComments(text, next + 1, limit) : next);
    }

    /// <summary>Whether an element of a list may end at <paramref name="index"/>, just past a closing quote.</summary>
    public static bool EndsItem(string text, int index)
    {
        int limit = Math.Min(text.Length, index + LookAhead);
        int next = SkipSpaceAndComments(text, index, limit);
        return next == limit ? limit == text.Length : text[next] is ',' or '，' or ';' or '；' or ']' or '}';
    }

    private static bool BeginsMember(string text, int index)
    {
        if (index == text.Length || text[index] is '}' or '｝' || ClosersOf(text[index]).Length > 0)
        {
            return true;
        }

        for (int i = index; i < text.Length && i - index <= MaxNameChars; i++)
        {
            if (text[i] is ':' or '：')
            {
                return true;
            }

            if (text[i] is '\n' or ',' or '，' or '。' or '"' or '“' or '”' or '{' or '}')
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Undoes the escape at <paramref name="index"/> and returns the place behind it. An unknown escape stands for its character.</summary>
    public static int AppendEscape(string text, int index, StringBuilder value)
    {
        if (index + 1 == text.Length)
        {
            return text.Length;
        }

        char kind = text[index + 1];
        if (kind == 'u' && index + 6 <= text.Length
            && ushort.TryParse(text.AsSpan(index + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
        {
            value.Append((char)code);
            return index + 6;
        }

        value.Append(kind switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', _ => kind });
        return index + 2;
    }

    /// <summary>The next place before <paramref name="limit"/> that is neither space nor in a comment: // or # to the end of the line, or /* */.</summary>
    public static int SkipSpaceAndComments(string text, int index, int limit)
    {
        while (index < limit)
        {
            if (char.IsWhiteSpace(text[index]) || text[index] == '\ufeff')
            {
                index++;
            }
            else if (!StartsComment(text, index))
            {
                break;
            }
            else
            {
                bool isBlock = text[index] == '/' && text[index + 1] == '*';
                ReadOnlySpan<char> rest = text.AsSpan(index, limit - index);
                int end = isBlock ? rest.IndexOf("*/", StringComparison.Ordinal) : rest.IndexOf('\n');
                index = end < 0 ? limit : index + end + (isBlock ? 2 : 1);
            }
        }

        return Math.Min(index, limit);
    }

    /// <summary>Whether a comment begins here. A slash alone is none: "4/5".</summary>
    public static bool StartsComment(string text, int index) =>
        text[index] == '#' || (text[index] == '/' && index + 1 < text.Length && text[index + 1] is '/' or '*');
}
