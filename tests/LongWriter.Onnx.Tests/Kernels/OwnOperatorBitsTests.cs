using LongWriter.Onnx.Export;
using LongWriter.Onnx.Tests.Export;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>With operators of ours the bits of a token's logits are its own, at any block: however a prompt is cut, whatever is in the batch, on any number of threads.</summary>
public sealed class OwnOperatorBitsTests
{
    public static TheoryData<WeightPrecision, int> Forms => new() { { WeightPrecision.Int4, 32 }, { WeightPrecision.Int4, 128 }, { WeightPrecision.Int8, 32 }, { WeightPrecision.Int8, 64 } };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Append_InChunksAndOnThreads_EqualsOneShot(WeightPrecision weights, int blockSize)
    {
        ExportOptions options = Own(weights, blockSize);
        using var model = new OwnOperatorModel(options);
        int[] tokens = OwnOperatorModel.Tokens(48);
        float[][] whole = model.Run("own", options, tokens);

        foreach ((int chunk, int threads) in ((int, int)[])[(1, 1), (5, 1), (16, 2), (31, 1), (48, 2), (7, 4)])
        {
            ExportedDecoder decoder = model.Decoder("own", options, threads: threads);
            List<float[]> pieces = [];
            for (int start = 0; start < tokens.Length; start += chunk)
            {
                pieces.AddRange(decoder.Append(0, start, tokens[start..Math.Min(tokens.Length, start + chunk)]));
            }

            AssertSame(whole, pieces, $"chunks of {chunk} on {threads} threads");
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Decode_BatchesOfUpToEight_EqualAlone(WeightPrecision weights, int blockSize)
    {
        ExportOptions options = Own(weights, blockSize);
        using var model = new OwnOperatorModel(options);
        int[][] prompts = [.. Enumerable.Range(0, 8).Select(row => OwnOperatorModel.Tokens(4 + 5 * row, 10 + row))];
        int[][] continuations = [.. Enumerable.Range(0, 8).Select(row => OwnOperatorModel.Tokens(4, 30 + row))];
        float[][][] alone = [.. prompts.Select((prompt, row) =>
        {
            ExportedDecoder decoder = model.Decoder("own", options);
            decoder.Append(0, 0, prompt);
            return continuations[row].Select((token, step) => decoder.Append(0, prompt.Length + step, token)[0]).ToArray();
        })];

        foreach (int batch in (int[])[2, 3, 5, 8])
        {
            ExportedDecoder decoder = model.Decoder("own", options, rows: batch);
            for (int row = 0; row < batch; row++)
            {
                decoder.Append(row, 0, prompts[row]);
            }

            for (int step = 0; step < 4; step++)
            {
                float[][] logits = decoder.Decode(
                    [.. Enumerable.Range(0, batch).Select(row => prompts[row].Length + step)], [.. Enumerable.Range(0, batch).Select(row => continuations[row][step])]);
                AssertSame([.. alone[..batch].Select(row => row[step])], logits, $"batch {batch}, step {step}");
            }
        }
    }

    private static ExportOptions Own(WeightPrecision weights, int blockSize) => new() { Weights = weights, BlockSize = blockSize, OwnOperators = true, FloatPrefill = false };

    private static void AssertSame(IReadOnlyList<float[]> expected, IReadOnlyList<float[]> actual, string what)
    {
        Assert.Equal(expected.Count, actual.Count);
        foreach ((int position, float[] logits) in expected.Index())
        {
            Bits.AssertSame(logits, actual[position], $"{what}, position {position}");
        }
    }
}
