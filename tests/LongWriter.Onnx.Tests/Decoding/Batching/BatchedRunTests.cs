using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging.Abstractions;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Decoding.Batching;

/// <summary>The bits under the batch: logits do not depend on who else is in it, and moving rows changes nothing.</summary>
[Collection(nameof(ExportedEmbeddedModel))]
public sealed class BatchedRunTests(ExportedEmbeddedModel model)
{
    private const int Rows = 12;
    private const int Steps = 5;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_BatchesOfOneToTwelve_GiveTheBitsOfEachRowAlone(bool random)
    {
        using Machine machine = Create(random);
        float[][][] alone = [.. Enumerable.Range(0, Rows).Select(row => Continue(machine, row, 1).Single())];

        for (int batch = 2; batch <= Rows; batch++)
        {
            for (int first = 0; first + batch <= Rows; first += Rows - batch == 0 ? 1 : Rows - batch)
            {
                float[][][] together = Continue(machine, first, batch);

                for (int row = 0; row < batch; row++)
                {
                    Assert.Equal(Bits(alone[first + row]), Bits(together[row]));
                }
            }
        }
    }

    [Theory]
    [InlineData(9, 60)]
    [InlineData(60, 9)]
    [InlineData(0, 30)]
    [InlineData(30, 0)]
    public void Swap_TwoRows_MovesWhatTheyHold(int tokensA, int tokensB)
    {
        using Machine machine = Create(random: true);
        int[] a = Prompt(tokensA, 1, 96);
        int[] b = Prompt(tokensB, 2, 96);
        float[]? expectedA = Next(machine, 0, a, fill: true);
        float[]? expectedB = Next(machine, 1, b, fill: true);

        machine.Cache.Swap(0, tokensA, 1, tokensB);

        Assert.Equal(expectedA, Next(machine, 1, a, fill: false));
        Assert.Equal(expectedB, Next(machine, 0, b, fill: false));
    }

    [Fact]
    public void Run_OneTokenForEachOfSeveral_AllocatesNothing()
    {
        using Machine machine = Create(random: true);
        int[] tokens = [7, 8, 9];
        int[] pasts = [0, 0, 0];
        Advance(20);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Advance(200);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Advance(int steps)
        {
            for (int step = 0; step < steps; step++)
            {
                // The same rows, and fewer of them in turn, as when one reads its prompt.
                machine.Runner.Run(2, tokens, pasts, 3, machine.Options);
                machine.Runner.Run(3, tokens.AsSpan(0, 2), pasts.AsSpan(0, 2), 2, machine.Options);
                pasts.AsSpan().Fill(pasts[0] + 1);
            }
        }
    }

    /// <summary>Logits of the next steps of some rows together, by row and step.</summary>
    private static float[][][] Continue(Machine machine, int firstRow, int batch)
    {
        int[] pasts = [.. Enumerable.Range(firstRow, batch).Select(row => 3 + 17 * row)];
        for (int i = 0; i < batch; i++)
        {
            machine.Runner.Run(firstRow + i, Prompt(pasts[i], firstRow + i, machine.VocabSize), 0, 1, machine.Options);
        }

        float[][][] logits = [.. Enumerable.Range(0, batch).Select(_ => new float[Steps][])];
        for (int step = 0; step < Steps; step++)
        {
            int[] ids = [.. Enumerable.Range(firstRow, batch).Select(row => 5 + ((31 * row) + (7 * step)) % 90)];
            Span<float> all = machine.Runner.Run(firstRow, ids, pasts, batch, machine.Options);
            for (int i = 0; i < batch; i++)
            {
                logits[i][step] = all.Slice(i * machine.VocabSize, machine.VocabSize).ToArray();
                pasts[i]++;
            }
        }

        return logits;
    }

    /// <summary>Logits of a token behind a text; null when there is no text.</summary>
    private static float[]? Next(Machine machine, int row, int[] text, bool fill)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (fill)
        {
            machine.Runner.Run(row, text, 0, 1, machine.Options);
        }

        return machine.Runner.Run(row, [11], text.Length, 1, machine.Options).ToArray();
    }

    private static IEnumerable<int> Bits(float[][] logits) => logits.SelectMany(row => row.Select(BitConverter.SingleToInt32Bits));

    private Machine Create(bool random) => new(random ? model.RandomFolder : model.SeedFolder);

    private sealed class Machine : IDisposable
    {
        private readonly DecoderModel decoder;

        public Machine(string folder)
        {
            decoder = DecoderModel.Load(folder, new OnnxRuntimeOptions { IntraOpThreads = 1 }, NullLogger.Instance);
            Cache = new SharedKvCache(decoder, Rows, capacity: 256);
            Runner = new ModelRunner(decoder, Cache);
            Options = new OrtRunOptions(decoder.Session.Environment);
        }

        public SharedKvCache Cache { get; }

        public ModelRunner Runner { get; }

        public OrtRunOptions Options { get; }

        public int VocabSize => decoder.Manifest.VocabSize;

        public void Dispose()
        {
            Runner.Dispose();
            Cache.Dispose();
            Options.Dispose();
            decoder.Dispose();
        }
    }
}
