using System.Text;
using System.Text.Json;

namespace LongWriter.Writing;

/// <summary>
/// Reads a plan that came as JSON: an object with a list of sections, or the list alone, anywhere in the text from the start of a line on.
/// Names may be cased and joined in any way; trailing commas and comments are passed over.
/// </summary>
internal static class PlanJson
{
    private const int MaxStarts = 4;

    private static readonly JsonReaderOptions ReaderOptions = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
    private static readonly JsonDocumentOptions DocumentOptions = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>The plan or its problems; null when the text holds no JSON.</summary>
    public static PlanParseResult? TryRead(string text)
    {
        int start = 0;
        PlanParseResult? broken = null;
        for (int tries = 0; tries < MaxStarts && (start = NextStart(text, start)) >= 0; tries++)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(text[start..]);
            int firstLine = 1 + LineBreaks(text.AsSpan(0, start));
            try
            {
                Utf8JsonReader reader = new(utf8, ReaderOptions);
                reader.Read();
                reader.Skip();
                using JsonDocument document = JsonDocument.Parse(utf8.AsMemory(0, (int)reader.BytesConsumed), DocumentOptions);
                if (new PlanJsonSections(utf8, firstLine).Read(document.RootElement) is { } result)
                {
                    return result;
                }
            }
            catch (JsonException error)
            {
                IReadOnlyList<SourceLine> lines = PlanLineReader.Split(text);
                int line = Math.Min(lines.Count, firstLine + (int)(error.LineNumber ?? 0));
                string shown = lines[line - 1].Text.Trim();
                broken ??= new PlanParseResult(null, [new PlanProblem(line, shown, "The JSON cannot be read here; expected a complete JSON object.")], []);
            }

            start++;
        }

        return broken;
    }

    /// <summary>Line breaks in a text: CRLF is one, as everywhere in plans.</summary>
    private static int LineBreaks(ReadOnlySpan<char> text)
    {
        int breaks = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
            {
                breaks++;
            }
        }

        return breaks;
    }

    /// <summary>Next line that begins as a JSON object does, or as a list of objects: a brace and a quote.</summary>
    private static int NextStart(string text, int from)
    {
        for (int i = from; i < text.Length; i++)
        {
            i = text.AsSpan(i).IndexOfAny('{', '[') is int found and >= 0 ? i + found : text.Length;
            if (i < text.Length && IsLineStart(text, i) && OpensObject(text, i))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool IsLineStart(string text, int index)
    {
        // A line's indentation is looked at once per brace at most 64 columns far.
        for (int i = index - 1; i >= 0 && index - i <= 64; i--)
        {
            if (text[i] is '\n' or '\r')
            {
                return true;
            }

            if (text[i] is not (' ' or '\t' or '`'))
            {
                return false;
            }
        }

        return index <= 64;
    }

    private static bool OpensObject(string text, int index)
    {
        char expected = text[index] == '[' ? '{' : '"';
        for (int i = index + 1; i < text.Length && i - index <= 256; i++)
        {
            if (!char.IsWhiteSpace(text[i]))
            {
                return text[i] == expected;
            }
        }

        return false;
    }
}
