namespace LongWriter.Onnx.Tokenization.Splitting;

/// <summary>
/// The regular expressions that published tokenizers use, and the scanner that does the same in linear time.
/// A pattern is known only by its exact text; tests hold each scanner against the pattern run by the general matcher.
/// </summary>
internal static class KnownPatterns
{
    private const string Letters = @"[^\r\n\p{L}\p{N}]?\p{L}+";
    private const string LettersAndMarks = @"[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+";
    private const string Upper = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]";
    private const string Lower = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";
    private const string AnyCaseEndings = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";

    private static readonly (string Text, int Max)[] Digits = [("+", int.MaxValue), ("{1,3}", 3), ("", 1)];
    private static readonly Dictionary<string, PieceSplitter> Known = Build();

    public static IReadOnlyCollection<string> All => Known.Keys;

    public static PieceSplitter? TryCreate(string pattern) => Known.GetValueOrDefault(pattern);

    private static Dictionary<string, PieceSplitter> Build()
    {
        var known = new Dictionary<string, PieceSplitter>(StringComparer.Ordinal);
        foreach ((string digits, int maxDigits) in Digits)
        {
            foreach (string endings in (string[])["'s|'t|'re|'ve|'m|'ll|'d", "'(?:s|t|re|ve|m|ll|d)", "'(?:[sdmt]|ll|ve|re)"])
            {
                known.Add($@"{endings}| ?\p{{L}}+| ?\p{{N}}{digits}| ?[^\s\p{{L}}\p{{N}}]+|\s+(?!\S)|\s+", new Gpt2Splitter(maxDigits));
            }

            foreach (string endings in (string[])[AnyCaseEndings, "'(?i:[sdmt]|ll|ve|re)"])
            {
                known.Add(
                    $@"{endings}|{Letters}|\p{{N}}{digits}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
                    new Cl100kSplitter(maxDigits, marksAreLetters: false));
            }

            known.Add(
                $@"{AnyCaseEndings}|{LettersAndMarks}|\p{{N}}{digits}| ?[^\s\p{{L}}\p{{M}}\p{{N}}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
                new Cl100kSplitter(maxDigits, marksAreLetters: true));
            foreach (string endings in (string[])[AnyCaseEndings + "?", ""])
            {
                known.Add(
                    $@"[^\r\n\p{{L}}\p{{N}}]?{Upper}*{Lower}+{endings}|[^\r\n\p{{L}}\p{{N}}]?{Upper}+{Lower}*{endings}|\p{{N}}{digits}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
                    new O200kSplitter(maxDigits, joinsContractions: endings.Length > 0));
            }
        }

        // The form in which cl100k was first published: possessive, one line break at the end of a run. The pieces are the same.
        known.Add(
            @"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+",
            new Cl100kSplitter(3, marksAreLetters: false));
        return known;
    }
}
