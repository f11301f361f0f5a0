using System.Text;
using BenchmarkDotNet.Attributes;
using LongWriter.Onnx.Tokenization;

namespace LongWriter.Benchmarks.Tokenization;

/// <summary>
/// Encoding, counting and decoding 1,000,000 characters of English prose, so that MB/s is 1,000 divided by the mean in milliseconds.
/// The prose is made from the tokenizer's own words by a fixed rule, repeating them as text does: nothing outside the repository is read.
/// </summary>
public class TokenizerBenchmarks
{
    private const int Characters = 1_000_000;

    private readonly List<int> ids = new(Characters);
    private Tokenizer tokenizer = null!;
    private string text = "";
    private int[] encoded = [];

    [GlobalSetup]
    public void Setup()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LongWriter.sln")))
        {
            folder = folder.Parent;
        }

        tokenizer = Tokenizer.Load(Path.Combine(folder!.FullName, "models", "longwriter-tiny", "tokenizer.json"));
        text = Prose();
        encoded = [.. tokenizer.Encode(text)];
    }

    [Benchmark(Baseline = true)]
    public int Encode()
    {
        ids.Clear();
        tokenizer.Encode(text, ids);
        return ids.Count;
    }

    [Benchmark]
    public int Count() => tokenizer.CountTokens(text);

    [Benchmark]
    public int Decode() => tokenizer.Decode(encoded).Length;

    /// <summary>Words by Zipf's law (the k-th is drawn about 1/k as often) from a seeded generator, in sentences of 5 to 24 words.</summary>
    private string Prose()
    {
        string[] words = [.. Enumerable.Range(260, tokenizer.VocabularySize - 260).Select(id => tokenizer.Decode([id]).Trim()).Where(word => word.Length > 1 && word.All(char.IsLetter))];
        var random = new Random(20240917);
        var prose = new StringBuilder(Characters + 64);
        while (prose.Length < Characters)
        {
            for (int left = random.Next(5, 25); left > 0; left--)
            {
                string word = words[(int)Math.Pow(words.Length, random.NextDouble()) - 1];
                prose.Append(word).Append(random.Next(12) == 0 ? words[random.Next(words.Length)] : "").Append(left == 1 ? ".\n" : random.Next(9) == 0 ? ", " : " ");
            }
        }

        return prose.ToString(0, Characters);
    }
}
