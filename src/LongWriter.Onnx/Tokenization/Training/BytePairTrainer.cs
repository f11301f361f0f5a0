using System.Runtime.InteropServices;
using System.Text;
using LongWriter.Onnx.Tokenization.Merging;
using LongWriter.Onnx.Tokenization.Patterns;
using LongWriter.Onnx.Tokenization.Splitting;

namespace LongWriter.Onnx.Tokenization.Training;

/// <summary>
/// Trains a byte-level BPE: counts the pieces of texts, then merges the most frequent pair of neighbours again and again. The outcome
/// depends on the texts and the options alone, not on the order of the texts.
/// </summary>
/// <remarks>
/// Among pairs of equal count the one with the smaller left id comes first, then the one with the smaller right id. docs/guide-tokenizer.md
/// states the whole algorithm. Memory grows with the number of distinct pieces. Not safe for concurrent use.
/// </remarks>
public sealed class BytePairTrainer
{
    private const int MaxVocabularySize = 1_000_000;

    private readonly int vocabularySize;
    private readonly int minCount;
    private readonly string pattern;
    private readonly string[] specialTokens;
    private readonly PieceSplitter splitter;
    private readonly Dictionary<string, long> pieceCounts = new(StringComparer.Ordinal);

    /// <summary>A trainer that has seen no text.</summary>
    /// <param name="options">What to train to; copied.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names all that are.</exception>
    public BytePairTrainer(BytePairTrainerOptions? options = null)
    {
        options ??= new BytePairTrainerOptions();
        (vocabularySize, minCount, pattern, specialTokens) = (options.VocabularySize, options.MinCount, options.Pattern, [.. options.SpecialTokens]);
        var problems = new List<string>();
        int smallest = 256 + specialTokens.Length;
        if (vocabularySize < smallest || vocabularySize > MaxVocabularySize)
        {
            problems.Add($"VocabularySize must be in [{smallest}, {MaxVocabularySize}] but is {vocabularySize}.");
        }

        if (minCount < 1)
        {
            problems.Add($"MinCount must be 1 or more but is {minCount}.");
        }

        problems.AddRange(specialTokens.Where(token => token.Length == 0 || IsByteSymbol(token))
            .Select(token => $"SpecialTokens must not be empty or the symbol of a byte but one is '{token}'."));
        problems.AddRange(specialTokens.GroupBy(token => token, StringComparer.Ordinal).Where(group => group.Count() > 1)
            .Select(group => $"SpecialTokens must differ but '{group.Key}' is there {group.Count()} times."));
        problems.AddRange(specialTokens.Where(token => !WellFormedText.Of(token).SequenceEqual(token))
            .Select(_ => "SpecialTokens must be valid Unicode but one has half of a surrogate pair."));
        splitter = CreateSplitter(pattern, problems);
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', problems), nameof(options));
        }
    }

    /// <summary>How many texts were added.</summary>
    public long TextCount { get; private set; }

    /// <summary>How many UTF-16 units they had.</summary>
    public long CharCount { get; private set; }

    /// <summary>How many pieces they were cut into.</summary>
    public long PieceCount { get; private set; }

    /// <summary>How many different pieces there are.</summary>
    public int DistinctPieceCount => pieceCounts.Count;

    /// <summary>Counts the pieces of a text. Special tokens written in it are plain text.</summary>
    /// <param name="text">Any text. A lone surrogate is read as U+FFFD.</param>
    /// <exception cref="TokenizerFormatException">The pattern backtracks out of all proportion to the text.</exception>
    public void Add(ReadOnlySpan<char> text)
    {
        TextCount++;
        CharCount += text.Length;
        text = WellFormedText.Of(text);
        Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> lookup = pieceCounts.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int start = 0; start < text.Length;)
        {
            int end = splitter.Next(text, start, out _);
            CollectionsMarshal.GetValueRefOrAddDefault(lookup, text[start..end], out _)++;
            PieceCount++;
            start = end;
        }
    }

    /// <summary>Merges pairs until the vocabulary is full or no pair is frequent enough.</summary>
    /// <param name="progress">Hears the number of tokens so far, about a hundred times; or null.</param>
    /// <param name="cancellationToken">Stops the training.</param>
    /// <returns>The vocabulary; the trainer can go on with more texts.</returns>
    public BytePairVocabulary Train(IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        List<string> tokens = [.. specialTokens, .. FirstTokens()];
        int[] idOfByte = new int[256];
        for (int i = specialTokens.Length; i < tokens.Count; i++)
        {
            idOfByte[ByteAlphabet.ByteOf(tokens[i][0])!.Value] = i;
        }

        var pairs = new PairCounts([.. pieceCounts.Select(piece => new CountedPiece([.. Encoding.UTF8.GetBytes(piece.Key).Select(value => idOfByte[value])], piece.Value))]);
        var ids = new Dictionary<string, int>(tokens.Select((token, id) => KeyValuePair.Create(token, id)), StringComparer.Ordinal);
        var merges = new List<(int Left, int Right)>();
        int step = Math.Max(1, (vocabularySize - tokens.Count) / 100);
        while (tokens.Count < vocabularySize && pairs.TryTakeBest(minCount, out int left, out int right))
        {
            cancellationToken.ThrowIfCancellationRequested();

            // A token that another pair spells already would keep its id; a special token never comes out of plain text.
            string token = tokens[left] + tokens[right];
            if (!ids.TryGetValue(token, out int id))
            {
                id = tokens.Count;
                tokens.Add(token);
                ids.Add(token, id);
                if (tokens.Count % step == 0)
                {
                    progress?.Report(tokens.Count);
                }
            }
            else if (id < specialTokens.Length)
            {
                continue;
            }

            merges.Add((left, right));
            pairs.Merge(left, right, id);
        }

        return new BytePairVocabulary(tokens, merges, specialTokens, pattern);
    }

    /// <summary>The 256 bytes in the order of the characters they are written with.</summary>
    private static IEnumerable<string> FirstTokens()
        => Enumerable.Range(0, 256).Select(value => ByteAlphabet.SymbolOf((byte)value)).Order().Select(symbol => symbol.ToString());

    private static bool IsByteSymbol(string token) => token.Length == 1 && ByteAlphabet.ByteOf(token[0]) is not null;

    private static PieceSplitter CreateSplitter(string pattern, List<string> problems)
    {
        try
        {
            return KnownPatterns.TryCreate(pattern) ?? new PatternSplitter(PatternCompiler.Compile(pattern), "Pattern", dropsMatches: false, dropsGaps: false);
        }
        catch (PatternException problem)
        {
            problems.Add($"Pattern must be a pattern of this dialect but has {problem.Message}.");
            return new DigitSplitter(individually: true);
        }
    }
}
