using System.Text;
using LongWriter.Onnx.Model;

namespace LongWriter.Onnx.Chat;

/// <summary>
/// Marks message texts before the template sees them, with noncharacters, which text for interchange does not contain (the few that do get U+FFFD).
/// <see cref="Barrier"/> stands inside whatever would read as a special token, so that only the template can write one; <see cref="Start"/> and
/// <see cref="End"/> stand around a reply of the assistant, so that it is found again in the rendered prompt.
/// </summary>
internal sealed class MarkedText
{
    public const char Barrier = '\uFDD0';
    public const char Start = '\uFDD1';
    public const char End = '\uFDD2';

    private readonly (string Token, string Broken)[] tokens;

    /// <param name="controlTokens">Texts that must not become tokens.</param>
    public MarkedText(IEnumerable<string> controlTokens) =>
        tokens = [.. controlTokens.Distinct(StringComparer.Ordinal).OrderByDescending(token => token.Length).ThenBy(token => token, StringComparer.Ordinal).Select(token => (token, Break(token)))];

    /// <summary>A text as the template shall see it.</summary>
    public string Escape(string text)
    {
        text = text.AsSpan().ContainsAnyInRange(Barrier, End) ? Replace(text) : text;
        foreach ((string token, string broken) in tokens)
        {
            // A token that overlaps itself is not gone after one pass.
            while (text.Contains(token, StringComparison.Ordinal))
            {
                text = text.Replace(token, broken, StringComparison.Ordinal);
            }
        }

        return text;
    }

    /// <summary>A reply as the template shall see it.</summary>
    /// <param name="text">The reply.</param>
    /// <param name="insideWhiteSpace">True when the template trims replies: the marks then stand where it does not see them as ends.</param>
    public string EscapeReply(string text, bool insideWhiteSpace)
    {
        string escaped = Escape(text);
        ReadOnlySpan<char> core = insideWhiteSpace ? escaped.AsSpan().Trim() : escaped;
        if (core.IsEmpty)
        {
            return escaped;
        }

        int start = insideWhiteSpace ? escaped.Length - escaped.AsSpan().TrimStart().Length : 0;
        return new StringBuilder(escaped.Length + 2)
            .Append(escaped, 0, start).Append(Start).Append(core).Append(End).Append(escaped, start + core.Length, escaped.Length - start - core.Length)
            .ToString();
    }

    /// <summary>The text without barriers.</summary>
    public static string Unescape(string text) => text.Replace(Barrier.ToString(), "", StringComparison.Ordinal);

    private static string Replace(string text)
    {
        var clean = new StringBuilder(text);
        return clean.Replace(Barrier, '\uFFFD').Replace(Start, '\uFFFD').Replace(End, '\uFFFD').ToString();
    }

    private static string Break(string token)
    {
        int first = char.IsHighSurrogate(token[0]) ? 2 : 1;
        return token.Length > first
            ? token.Insert(first, Barrier.ToString())
            : throw new ModelFormatException($"tokenizer.json: expected special tokens and ends of text of two characters or more, found '{token}', which any text could contain.");
    }
}
