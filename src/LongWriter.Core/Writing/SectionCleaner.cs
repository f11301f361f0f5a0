using System.Globalization;
using System.Text.RegularExpressions;

namespace LongWriter.Writing;

/// <summary>
/// Takes out of a section what a model adds around its prose: a leading identifier ("Paragraph 3:", "第三段："), echoed
/// lines of the plan, a trailing word count, a heading where none is wanted, and paragraphs at its start that
/// repeat earlier text word for word. Closes quoted speech that a cut left open. Chapter headings stay: they belong to books.
/// </summary>
internal sealed partial class SectionCleaner(HeadingRule headings, IReadOnlyCollection<string> earlierParagraphs)
{
    /// <summary>A paragraph shorter than this may repeat: a refrain, a greeting, a date.</summary>
    public const int MinRepeatedParagraphChars = 60;

    /// <summary>Longest beginning that is held back until it is known whether it is an identifier.</summary>
    private const int MaxLeadChars = 300;

    /// <summary>Paragraphs of a text that are long enough to count as repeated, in the form in which they are compared.</summary>
    public static IEnumerable<string> ComparableParagraphs(string text) => text
        .Split('\n')
        .Select(Comparable)
        .Where(paragraph => paragraph.Length >= MinRepeatedParagraphChars);

    /// <summary>How much of a text's long paragraphs stands in the document already, word for word: 0 to 1, by characters.</summary>
    public double RepeatedShare(string text)
    {
        int all = 0, repeated = 0;
        foreach (string paragraph in ComparableParagraphs(text))
        {
            all += paragraph.Length;
            repeated += earlierParagraphs.Contains(paragraph) ? paragraph.Length : 0;
        }

        return all == 0 ? 0 : repeated / (double)all;
    }

    /// <summary>
    /// Where the text begins once identifiers and unwanted headings are skipped; null while more text is needed to know.
    /// </summary>
    /// <param name="text">The section as far as it was received.</param>
    /// <param name="complete">True when nothing follows.</param>
    public int? FindStart(string text, bool complete)
    {
        int start = 0;
        while (true)
        {
            start += LeadingWhiteSpace(text.AsSpan(start));
            int lineEnd = text.IndexOf('\n', start);
            if (lineEnd < 0 && !complete && text.Length - start < MaxLeadChars)
            {
                return null;
            }

            string line = lineEnd < 0 ? text[start..] : text[start..lineEnd];
            int skip = PrefixToSkip(line);
            if (skip == 0)
            {
                return start;
            }

            start += skip;
        }
    }

    /// <summary>Cleans a complete section.</summary>
    /// <param name="text">The text as received, from all its calls.</param>
    /// <param name="removed">What was taken out, one phrase each.</param>
    public string Clean(string text, out IReadOnlyList<string> removed)
    {
        var found = new List<string>();
        int start = FindStart(text, complete: true) ?? 0;
        string lead = text[..start].Trim();
        if (lead.Length > 0)
        {
            found.Add($"the leading \"{Clip(lead)}\"");
        }

        string body = WithoutEchoedSteps(text[start..], out int steps).Trim();
        if (steps > 0)
        {
            found.Add(steps == 1 ? "a line of the plan" : $"{steps} lines of the plan");
        }

        int repeated = RepeatedStart(body);
        if (repeated > 0)
        {
            found.Add($"{repeated} characters at its start that repeat earlier text");
            body = body[repeated..].Trim();
        }

        Match count = TrailingCount().Match(body);
        if (count.Success)
        {
            found.Add($"the trailing \"{Clip(count.Value.Trim())}\"");
            body = body[..count.Index].TrimEnd();
        }

        removed = found;
        return WithQuoteClosed(body);
    }

    /// <summary>A text that was cut at a sentence inside of quoted speech ends with the mark that the cut took.</summary>
    private static string WithQuoteClosed(string body)
    {
        ReadOnlySpan<char> last = body.AsSpan(body.LastIndexOf('\n') + 1);
        return last.LastIndexOf('“') > last.LastIndexOf('”') ? body + '”' : body;
    }

    /// <summary>Lines of the plan are never prose, wherever a model that loses its thread puts them.</summary>
    private static string WithoutEchoedSteps(string text, out int removed)
    {
        string[] lines = text.Split('\n');
        string[] kept = [.. lines.Where(line => !EchoedStep().IsMatch(line.TrimEnd()))];
        removed = lines.Length - kept.Length;
        return removed == 0 ? text : ExtraBlankLines().Replace(string.Join('\n', kept), "\n\n");
    }

    private int RepeatedStart(string body)
    {
        int start = 0;
        while (start < body.Length)
        {
            int end = body.IndexOf('\n', start);
            end = end < 0 ? body.Length : end;
            string paragraph = Comparable(body[start..end]);
            if (paragraph.Length > 0 && !(paragraph.Length >= MinRepeatedParagraphChars && earlierParagraphs.Contains(paragraph)))
            {
                break;
            }

            start = Math.Min(body.Length, end + 1);
        }

        return start;
    }

    private int PrefixToSkip(string line)
    {
        if (EchoedStep().IsMatch(line))
        {
            return line.Length;
        }

        Match identifier = Identifier().Match(line);
        if (identifier.Success)
        {
            // A heading of which only the identifier went would leave half of its marks.
            return Heading().IsMatch(line) ? line.Length : identifier.Length;
        }

        return headings != HeadingRule.Model && Heading().IsMatch(line) ? line.Length : 0;
    }

    private static string Comparable(string paragraph) => paragraph.Trim().ToLower(CultureInfo.InvariantCulture);

    private static int LeadingWhiteSpace(ReadOnlySpan<char> text) => text.Length - text.TrimStart().Length;

    private static string Clip(string text) => text.Length <= 60 ? text : text[..(char.IsHighSurrogate(text[59]) ? 59 : 60)] + "…";

    /// <summary>A line of the plan: "Paragraph 3 - Main Point: … - Word Count: 400 words", or what is left of one that lost its count.</summary>
    [GeneratedRegex(@"^\W{0,6}(?:(?:(?:paragraph|section|step|part)\s+)?\d+(?:\s*\(?\d*\s*left\)|\s+of\s+\d+)\s*[-–—]\s*main\s+point\s*:.{0,600}$|(?:(?:paragraph|section|step|part)\s+\d+|第\s*[0-9一二三四五六七八九十百零〇]+\s*(?:段|节|部分))(?:.{0,2000}?(?:word\s+count|字数)\s*[:：].{0,40}$|\s*[-–—]\s*(?:main\s+point|要点)\s*[:：].{0,200}$))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex EchoedStep();

    [GeneratedRegex(@"\n[ \t\r]*\n(?:[ \t\r]*\n)+", RegexOptions.CultureInvariant)]
    private static partial Regex ExtraBlankLines();

    /// <summary>"Paragraph 3:", "**Section 3.**", "## Paragraph 3", "第三段：", "第3段 - 要点：…" before or instead of the text.</summary>
    [GeneratedRegex(@"^(?:\#{1,6}\s*|\*{1,3}|\[|\()*(?:(?:paragraph|section)\s+\d+(?:\s+of\s+\d+)?|第\s*[0-9一二三四五六七八九十百零〇]+\s*(?:段|节))(?:\*{1,3}|\]|\))*\s*(?:[:：、]+(?:\*{1,3})?\s*|[.\-–—]+(?:\*{1,3})?(?:\s+|$)|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();

    [GeneratedRegex(@"^(?:\#{1,6}\s+\S.{0,120}|\*\*[^*]{1,100}\*\*\s*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Heading();

    /// <summary>"(Word count: 398 words)" or （字数：398字） as the last line.</summary>
    [GeneratedRegex(@"(?:^|\n)\s*[\(（\[\*]*\s*(?:total\s+)?(?:word\s+count|words|总?字数|本段字数)\s*[:：]\s*(?:约|~|about\s+)?\s*[0-9,]{1,9}\s*(?:words?|字|词)?\s*[\)）\]\*\.。]*\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TrailingCount();
}
