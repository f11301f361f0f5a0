using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using LongWriter.Onnx.Tokenization;
using LongWriter.Onnx.Tokenization.Merging;
using LongWriter.Onnx.Tokenization.Training;

namespace LongWriter.Onnx.Tests.Tokenization.Training;

public sealed class BytePairTrainerTests
{
    /// <summary>The whole text is one piece.</summary>
    private const string OnePiece = @"[\s\S]+";

    public static TheoryData<int> GoldenRuns => [0, 1, 2];

    [Theory, MemberData(nameof(GoldenRuns))]
    public void Train_GoldenCorpus_GivesTheTokensAndMergesOfTheNaiveProgram(int run)
    {
        string folder = Path.Combine(TokenizerVectors.Repository, "tests", "golden", "bpe-training");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        JsonElement expected = document.RootElement[run];
        var trainer = new BytePairTrainer(new BytePairTrainerOptions
        {
            VocabularySize = expected.GetProperty("size").GetInt32(),
            MinCount = expected.GetProperty("minCount").GetInt32(),
        });
        foreach (string line in File.ReadLines(Path.Combine(folder, "corpus.jsonl")))
        {
            using JsonDocument text = JsonDocument.Parse(line);
            trainer.Add(text.RootElement.GetProperty("text").GetString());
        }

        BytePairVocabulary vocabulary = trainer.Train(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(expected.GetProperty("pieces").GetInt64(), trainer.PieceCount);
        Assert.Equal(expected.GetProperty("distinctPieces").GetInt32(), trainer.DistinctPieceCount);
        Assert.Equal(expected.GetProperty("merges").EnumerateArray().Select(pair => (pair[0].GetInt32(), pair[1].GetInt32())), vocabulary.Merges);
        Assert.Equal(expected.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()!), vocabulary.Tokens);
    }

    [Fact]
    public void Train_NoText_GivesSpecialTokensAndBytes()
    {
        BytePairVocabulary vocabulary = new BytePairTrainer().Train(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(260, vocabulary.Tokens.Count);
        Assert.Equal(["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|pad|>", "!", "\""], vocabulary.Tokens.Take(6));
        Assert.Equal("Ń", vocabulary.Tokens[^1]);
        Assert.Empty(vocabulary.Merges);
    }

    [Theory]
    [InlineData("ba ab", "a b|b a", 1)] // Each pair once: the smaller left id first.
    [InlineData("ac ab", "a b|a c", 1)] // Equal left ids: the smaller right id first.
    [InlineData("zz zz aab", "z z", 2)] // Two of "zz", one each of the others.
    [InlineData("aaa", "a a|aa a", 1)] // Two overlapping pairs, merged from the left.
    [InlineData("aaaa", "a a|aa aa", 1)]
    [InlineData("aaaaa", "a a|aa a|aa aaa", 1)] // "aa aa a": both pairs once with the same left id, so the smaller right id, "a".
    public void Train_TinyCorpus_MergesAsByHand(string text, string merges, int minCount)
    {
        BytePairVocabulary vocabulary = Train(text.Split(' '), 1_000, minCount);

        Assert.Equal(merges, string.Join('|', vocabulary.Merges.Select(pair => $"{vocabulary.Tokens[pair.Left]} {vocabulary.Tokens[pair.Right]}")));
    }

    [Fact]
    public void Train_SpecialTokenInText_IsNeverSpelledByAMerge()
    {
        string[] texts = ["<a>", "<a>", "<a>", "<a>b"];
        var trainer = new BytePairTrainer(new BytePairTrainerOptions { Pattern = OnePiece, SpecialTokens = ["<a>"], MinCount = 1 });
        Array.ForEach(texts, text => trainer.Add(text));
        BytePairVocabulary vocabulary = trainer.Train(cancellationToken: TestContext.Current.CancellationToken);
        Tokenizer tokenizer = Load(vocabulary);

        Assert.Equal(Naive(texts, ["<a>"], 4096, 1), Describe(vocabulary));
        Assert.Equal([0], tokenizer.Encode("<a>"));
        Assert.DoesNotContain(0, tokenizer.Encode("<a>", parseSpecialTokens: false));
    }

    [Fact]
    public void Train_AnySmallCorpus_GivesWhatRepeatedCountingGives()
    {
        Gen<string> texts = Gen.Elements("a", "a", "b", "c", "aa", "ab", "é", "中", "<s>").ListOf().Select(string.Concat);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(40).WithReplay(31, 37),
            Prop.ForAll(texts.ListOf().ToArbitrary(), Gen.Choose(1, 3).ToArbitrary(), Gen.Choose(257, 290).ToArbitrary(), (corpus, minCount, size) =>
            {
                var trainer = new BytePairTrainer(new BytePairTrainerOptions { Pattern = OnePiece, SpecialTokens = ["<s>"], MinCount = minCount, VocabularySize = size });
                corpus.ToList().ForEach(text => trainer.Add(text));
                Assert.Equal(Naive(corpus.Where(text => text.Length > 0), ["<s>"], size, minCount), Describe(trainer.Train(cancellationToken: TestContext.Current.CancellationToken)));
            }));
    }

    [Fact]
    public void WriteTokenizerJson_Trained_LoadsAndRoundTrips()
    {
        var trainer = new BytePairTrainer(new BytePairTrainerOptions { VocabularySize = 600, MinCount = 1 });
        foreach (string text in TokenizerVectors.Texts)
        {
            trainer.Add(text);
        }

        BytePairVocabulary vocabulary = trainer.Train(cancellationToken: TestContext.Current.CancellationToken);
        Tokenizer tokenizer = Load(vocabulary);

        Assert.Equal(600, vocabulary.Tokens.Count);
        Assert.Equal(600, tokenizer.VocabularySize);
        Assert.Equal(Enumerable.Range(0, 600), vocabulary.Tokens.Select(token => tokenizer.TryGetId(token, out int id) ? id : -1));
        foreach (string text in TokenizerVectors.Texts.Where(text => text.All(unit => !char.IsSurrogate(unit))))
        {
            Assert.Equal(text, tokenizer.Decode([.. tokenizer.Encode(text)]));
        }
    }

    [Fact]
    public void Train_AgainAfterMoreTexts_CountsAllOfThem()
    {
        var trainer = new BytePairTrainer(new BytePairTrainerOptions { Pattern = OnePiece, SpecialTokens = [], MinCount = 2 });
        trainer.Add("ab");
        Assert.Empty(trainer.Train(cancellationToken: TestContext.Current.CancellationToken).Merges);
        trainer.Add("ab");
        Assert.Single(trainer.Train(cancellationToken: TestContext.Current.CancellationToken).Merges);
    }

    [Fact]
    public void Train_Cancelled_Stops()
    {
        var trainer = new BytePairTrainer();
        trainer.Add("the the the");
        Assert.Throws<OperationCanceledException>(() => trainer.Train(cancellationToken: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Constructor_BadOptions_NamesAll()
    {
        var problem = Assert.Throws<ArgumentException>(() => new BytePairTrainer(new BytePairTrainerOptions
        {
            VocabularySize = 10,
            MinCount = 0,
            Pattern = "(",
            SpecialTokens = ["", "!", "x y", "x y"],
        }));

        Assert.Equal(
            "VocabularySize must be in [260, 1000000] but is 10. MinCount must be 1 or more but is 0. "
            + "SpecialTokens must not be empty or the symbol of a byte but one is ''. SpecialTokens must not be empty or the symbol of a byte but one is '!'. "
            + "SpecialTokens must differ but 'x y' is there 2 times. Pattern must be a pattern of this dialect but has no ')' at character 2. (Parameter 'options')",
            problem.Message);
    }

    private static BytePairVocabulary Train(IEnumerable<string> texts, int size, int minCount)
    {
        var trainer = new BytePairTrainer(new BytePairTrainerOptions { Pattern = OnePiece, SpecialTokens = [], VocabularySize = size, MinCount = minCount });
        texts.ToList().ForEach(text => trainer.Add(text));
        return trainer.Train(cancellationToken: TestContext.Current.CancellationToken);
    }

    private static Tokenizer Load(BytePairVocabulary vocabulary)
    {
        using var json = new MemoryStream();
        vocabulary.WriteTokenizerJson(json);
        return Tokenizer.Parse(json.ToArray(), "trained");
    }

    private static List<string> Describe(BytePairVocabulary vocabulary)
        => [.. vocabulary.Merges.Select(pair => $"{pair.Left} {pair.Right}"), .. vocabulary.Tokens];

    /// <summary>The definition itself, on pieces that are whole texts: count everything anew for each merge.</summary>
    private static List<string> Naive(IEnumerable<string> texts, string[] special, int size, int minCount)
    {
        List<string> tokens = [.. special, .. new BytePairTrainer(new BytePairTrainerOptions { SpecialTokens = [] }).Train(cancellationToken: TestContext.Current.CancellationToken).Tokens];
        List<List<int>> words = [.. texts.Select(text => Encoding.UTF8.GetBytes(text).Select(value => tokens.IndexOf(ByteAlphabet.SymbolOf(value).ToString())).ToList())];
        var merges = new List<string>();
        var never = new HashSet<(int, int)>();
        while (tokens.Count < size)
        {
            var best = words.SelectMany(word => word.Zip(word.Skip(1))).Where(pair => !never.Contains(pair)).GroupBy(pair => pair)
                .Select(group => (group.Key, Count: group.Count())).Where(entry => entry.Count >= minCount)
                .OrderByDescending(entry => entry.Count).ThenBy(entry => entry.Key.First).ThenBy(entry => entry.Key.Second).Take(1).ToList();
            if (best.Count == 0)
            {
                break;
            }

            (int left, int right) = best[0].Key;
            string token = tokens[left] + tokens[right];
            if (special.Contains(token))
            {
                never.Add((left, right));
                continue;
            }

            if (!tokens.Contains(token))
            {
                tokens.Add(token);
            }

            int id = tokens.IndexOf(token);
            merges.Add($"{left} {right}");
            foreach (List<int> word in words)
            {
                for (int i = 0; i + 1 < word.Count; i++)
                {
                    if (word[i] == left && word[i + 1] == right)
                    {
                        word[i] = id;
                        word.RemoveAt(i + 1);
                    }
                }
            }
        }

        return [.. merges, .. tokens];
    }
}
