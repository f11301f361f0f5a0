using LongWriter.Onnx.Runtime.Kernels;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>A layer as one operator gives the bits that its parts give one after the other, however its tokens come.</summary>
public sealed class DecoderLayerTests
{
    /// <summary>Widths that fill neither blocks nor groups, one key head and several, both widths of weights.</summary>
    public static TheoryData<int, int, int, int, int, int, int> Shapes => new()
    {
        { 4, 2, 16, 72, 112, 4, 32 },
        { 4, 2, 16, 72, 112, 8, 32 },
        { 6, 1, 32, 200, 304, 4, 128 },
        { 3, 3, 48, 128, 256, 8, 64 },
        { 14, 2, 64, 896, 480, 4, 128 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Run_AnyTokensRowsAndThreads_SameBitsAsItsParts(int heads, int kvHeads, int dim, int hidden, int intermediate, int bits, int blockSize)
    {
        var shape = new LayerShape(heads, kvHeads, dim, hidden, intermediate, bits, blockSize);
        foreach ((int rows, int tokens, int[] lengths) in ((int, int, int[])[])[(1, 1, [1]), (1, 1, [700]), (2, 1, [37, 530]), (1, 3, [515]), (3, 2, [2, 90, 513]), (1, 70, [600])])
        {
            float[] input = LayerSession.Tokens(shape, rows * tokens, seed: rows + tokens);
            using var separate = new LayerSession(shape, rows, capacity: 704, fused: false);
            float[] expected = separate.Step(input, lengths);
            Assert.All(expected, value => Assert.True(float.IsFinite(value)));
            foreach (int threads in (int[])[1, 2, 4])
            {
                using var fused = new LayerSession(shape, rows, capacity: 704, fused: true, threads);

                // The second step is cut for as many threads as came to the first one.
                for (int repeat = 0; repeat < 2; repeat++)
                {
                    Bits.AssertSame(expected, fused.Step(input, lengths), $"{rows} rows of {tokens} tokens, {threads} threads, step {repeat}");
                    Assert.Equal(separate.Kept, fused.Kept);
                }
            }
        }
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(4, 2)]
    [InlineData(8, 1)]
    [InlineData(8, 2)]
    public void Run_Biases_SameBitsAsItsParts(int bits, int biases)
    {
        // The last group of the projection is narrower than others.
        var shape = new LayerShape(6, 2, 32, 200, 112, bits, 64);
        foreach ((int rows, int tokens, int[] lengths) in ((int, int, int[])[])[(1, 1, [700]), (2, 1, [37, 530]), (1, 70, [600])])
        {
            float[] input = LayerSession.Tokens(shape, rows * tokens, seed: rows + tokens);
            using var separate = new LayerSession(shape, rows, capacity: 704, fused: false, biases: biases);
            using var plain = new LayerSession(shape, rows, capacity: 704, fused: true);
            using var fused = new LayerSession(shape, rows, capacity: 704, fused: true, threads: 2, biases: biases);
            float[] expected = separate.Step(input, lengths);

            Bits.AssertSame(expected, fused.Step(input, lengths), $"{rows} rows of {tokens} tokens");
            Assert.Equal(separate.Kept, fused.Kept);
            Assert.NotEqual(expected, plain.Step(input, lengths));
        }
    }

    [Fact]
    public void Run_TokenByTokenOrAtOnce_SameBits()
    {
        var shape = new LayerShape(6, 2, 32, 104, 176, 4, 64);
        float[] input = LayerSession.Tokens(shape, 20, seed: 3);
        using var atOnce = new LayerSession(shape, rows: 1, capacity: 600, fused: true, threads: 2);
        using var byToken = new LayerSession(shape, rows: 1, capacity: 600, fused: true, threads: 2);

        float[] expected = atOnce.Step(input, 520);
        float[] found = [.. Enumerable.Range(0, 20).SelectMany(token => byToken.Step(input[(token * 104)..((token + 1) * 104)], 501 + token))];

        Bits.AssertSame(expected, found, "20 tokens");
        Assert.Equal(atOnce.Kept, byToken.Kept);
    }

    /// <summary>Layers of several sessions at once: what they compute on the way is each one's own.</summary>
    [Fact]
    public void Run_SeveralSessionsAtOnce_SameBitsAsAlone()
    {
        var shape = new LayerShape(4, 2, 16, 72, 112, 4, 32);
        (float[] Input, int Length)[] steps = [.. Enumerable.Range(0, 6).Select(seed => (LayerSession.Tokens(shape, 1 + (seed * 7), seed), 60 + (seed * 110)))];
        LayerSession[] sessions = [.. steps.Select(_ => new LayerSession(shape, rows: 1, capacity: 704, fused: true, threads: 2))];
        try
        {
            float[][] expected = [.. steps.Select((step, index) => sessions[index].Step(step.Input, step.Length))];
            string[] failures = new string[sessions.Length];
            Thread[] threads = [.. sessions.Select((session, index) => new Thread(() =>
            {
                for (int repeat = 0; repeat < 50; repeat++)
                {
                    float[] found = session.Step(steps[index].Input, steps[index].Length);
                    failures[index] ??= found.AsSpan().SequenceEqual(expected[index]) ? null! : $"session {index}, step {repeat}";
                }
            }))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());

            Assert.All(failures, Assert.Null);
        }
        finally
        {
            Array.ForEach(sessions, session => session.Dispose());
        }
    }

    [Fact]
    public void Run_NoTokens_GivesNothing()
    {
        var shape = new LayerShape(2, 1, 16, 32, 32, 4, 32);
        using var session = new LayerSession(shape, rows: 1, capacity: 8, fused: true);
        sbyte[] before = session.Kept;

        Assert.Empty(session.Step([], [1, 0, 32], [4]));
        Assert.Equal(before, session.Kept);
    }
}
