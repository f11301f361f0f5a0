using LongWriter.Onnx.Export;
using LongWriter.Onnx.Tests.Model;

namespace LongWriter.Onnx.Tests.Export;

/// <summary>
/// Block 32 with int8 keys and values, and operators of ours with any block: the bits of the logits depend neither on how a prompt is cut nor on what else is in the batch. Every case runs with
/// 8-bit and with 4-bit weights, on a random model and, where it is there, on the seed model.
/// </summary>
public sealed class ReproducibleProfileTests
{
    private const int PromptTokens = 48;
    private const int Capacity = 80;

    /// <summary>Weights, block of operators of ours or 0 for ONNX Runtime's with 32, and whether the seed model is exported.</summary>
    public static TheoryData<WeightPrecision, int, bool> Cases
    {
        get
        {
            TheoryData<WeightPrecision, int, bool> cases = [];
            foreach (WeightPrecision weights in (WeightPrecision[])[WeightPrecision.Int8, WeightPrecision.Int4])
            {
                foreach (int ownBlock in (int[])[0, 32, 64, 128])
                {
                    cases.Add(weights, ownBlock, false);
                    cases.Add(weights, ownBlock, true);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Append_InChunks_EqualsOneShot(WeightPrecision weights, int ownBlock, bool seedModel)
    {
        using ExportedModel model = Export(weights, ownBlock, seedModel);
        int[] tokens = Tokens(model, PromptTokens, 1);
        float[][] whole = model.Decoder(rows: 1).Append(0, 0, tokens);

        foreach (int chunk in (int[])[1, 5, 16, 31])
        {
            ExportedDecoder decoder = model.Decoder(rows: 1);
            List<float[]> pieces = [];
            for (int start = 0; start < tokens.Length; start += chunk)
            {
                pieces.AddRange(decoder.Append(0, start, tokens[start..Math.Min(tokens.Length, start + chunk)]));
            }

            AssertSameBits(whole, pieces, $"chunks of {chunk}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Append_AfterRewind_EqualsAFreshRun(WeightPrecision weights, int ownBlock, bool seedModel)
    {
        using ExportedModel model = Export(weights, ownBlock, seedModel);
        int[] first = Tokens(model, PromptTokens, 1);
        int[] second = [.. first[..20], .. Tokens(model, 9, 2)];
        float[][] fresh = model.Decoder(rows: 1).Append(0, 0, second);

        ExportedDecoder decoder = model.Decoder(rows: 1);
        decoder.Append(0, 0, first);
        float[][] rewound = decoder.Append(0, 20, second[20..]);

        AssertSameBits(fresh[20..], rewound, "after a rewind");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Decode_BatchesOfUpToEight_EqualAlone(WeightPrecision weights, int ownBlock, bool seedModel)
    {
        using ExportedModel model = Export(weights, ownBlock, seedModel);
        int[][] prompts = [.. Enumerable.Range(0, 8).Select(row => Tokens(model, 4 + 5 * row, 10 + row))];
        int[][] continuations = [.. Enumerable.Range(0, 8).Select(row => Tokens(model, 6, 30 + row))];
        float[][][] alone = [.. prompts.Select((prompt, row) => Alone(model, prompt, continuations[row]))];

        foreach (int batch in (int[])[1, 2, 3, 4, 8])
        {
            ExportedDecoder decoder = model.Decoder(rows: batch);
            for (int row = 0; row < batch; row++)
            {
                decoder.Append(row, 0, prompts[row]);
            }

            for (int step = 0; step < 6; step++)
            {
                float[][] logits = decoder.Decode(
                    [.. Enumerable.Range(0, batch).Select(row => prompts[row].Length + step)], [.. Enumerable.Range(0, batch).Select(row => continuations[row][step])]);
                AssertSameBits(alone[..batch].Select(row => row[step]), logits, $"batch {batch}, step {step}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Append_TwoThreads_EqualsOne(WeightPrecision weights, int ownBlock, bool seedModel)
    {
        using ExportedModel model = Export(weights, ownBlock, seedModel);
        int[] tokens = Tokens(model, PromptTokens, 1);

        AssertSameBits(model.Decoder(rows: 1).Append(0, 0, tokens), model.Decoder(rows: 1, threads: 2).Append(0, 0, tokens), "two threads");
    }

    /// <summary>The comparison above must be able to fail: other tokens give other bits, and the exported model is the profile it claims to be.</summary>
    [Fact]
    public void Append_OtherToken_GivesOtherBits()
    {
        using ExportedModel model = Export(WeightPrecision.Int8, ownBlock: 0, seedModel: false);
        int[] tokens = Tokens(model, 8, 1);
        float[] before = model.Decoder(rows: 1).Append(0, 0, tokens)[^1];

        tokens[0] = (tokens[0] + 1) % 96;

        Assert.NotEqual(before, model.Decoder(rows: 1).Append(0, 0, tokens)[^1]);
        Assert.Equal("reproducible", model.Decoder(rows: 1).Manifest.Profile);
    }

    private static float[][] Alone(ExportedModel model, int[] prompt, int[] continuation)
    {
        ExportedDecoder decoder = model.Decoder(rows: 1);
        decoder.Append(0, 0, prompt);
        return [.. continuation.Select((token, step) => decoder.Append(0, prompt.Length + step, token)[0])];
    }

    private static int[] Tokens(ExportedModel model, int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(model.VocabSize))];
    }

    private static ExportedModel Export(WeightPrecision weights, int ownBlock, bool seedModel)
    {
        Assert.SkipWhen(seedModel && EmbeddedModel.Folder is null, "No seed model on this machine.");
        return new ExportedModel(new ExportOptions { Weights = weights, BlockSize = ownBlock == 0 ? 32 : ownBlock, OwnOperators = ownBlock > 0 }, seedModel ? EmbeddedModel.Folder : null);
    }

    private static void AssertSameBits(IEnumerable<float[]> expected, IEnumerable<float[]> actual, string what)
    {
        int position = 0;
        foreach ((float[] e, float[] a) in expected.Zip(actual))
        {
            Assert.True(e.Select(BitConverter.SingleToInt32Bits).SequenceEqual(a.Select(BitConverter.SingleToInt32Bits)),
                $"{what}: the logits of position {position} differ by up to {e.Zip(a, (x, y) => Math.Abs(x - y)).Max()}.");
            position++;
        }

        Assert.Equal(expected.Count(), actual.Count());
    }

    private sealed class ExportedModel : IDisposable
    {
        private readonly TemporaryFolder folder = new();
        private readonly List<ExportedDecoder> decoders = [];

        public ExportedModel(ExportOptions options, string? source)
        {
            if (source is null)
            {
                source = folder.At("source");
                RandomLlama.Write(source, RandomLlama.Config(), seed: 3);
            }

            ModelExporter.Export(source, folder.At("exported"), options);
            VocabSize = Decoder(rows: 1).Manifest.VocabSize;
        }

        public int VocabSize { get; }

        public ExportedDecoder Decoder(int rows, int threads = 1)
        {
            var decoder = new ExportedDecoder(folder.At("exported"), rows, Capacity, threads);
            decoders.Add(decoder);
            return decoder;
        }

        public void Dispose()
        {
            decoders.ForEach(decoder => decoder.Dispose());
            folder.Dispose();
        }
    }
}
