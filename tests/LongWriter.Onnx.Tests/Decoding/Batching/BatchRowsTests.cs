using LongWriter.Onnx.Decoding;

namespace LongWriter.Onnx.Tests.Decoding.Batching;

public sealed class BatchRowsTests
{
    private readonly List<(int Row, int Tokens, int Other, int OtherTokens)> swaps = [];
    private readonly Sampler sampler = new(8);

    [Fact]
    public void Gather_Neighbours_MovesNothing()
    {
        KvSlot[] slots = Slots(5, 50, 5, 5);

        Assert.Equal([1, 2], Gather(slots, 2, 1));
        Assert.Empty(swaps);
    }

    [Fact]
    public void Gather_GapBetweenTwo_MovesTheShorterOfThem()
    {
        KvSlot[] slots = Slots(400, 30, 20, 10);

        Assert.Equal([0, 1], Gather(slots, 0, 2));
        Assert.Equal([(1, 30, 2, 20)], swaps);
        Assert.Equal([0, 2, 1, 3], slots.Select(slot => slot.Row));
    }

    [Fact]
    public void Gather_LongTextInTheGap_StaysAndTheOthersGoRoundIt()
    {
        KvSlot[] slots = Slots(30, 400, 20, 0);

        // Rows 2 and 3: only the first slot moves, to where nothing is.
        Assert.Equal([2, 3], Gather(slots, 0, 2));
        Assert.Equal([(3, 0, 0, 30)], swaps);
    }

    [Fact]
    public void Gather_AnyChoice_KeepsEverySlotInARowOfItsOwn()
    {
        var random = new Random(1);
        for (int round = 0; round < 500; round++)
        {
            KvSlot[] slots = Slots([.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(1, 100))]);
            int[] chosen = [.. Enumerable.Range(0, slots.Length).Where(_ => random.Next(2) == 0)];
            if (chosen.Length == 0)
            {
                continue;
            }

            int[] rows = Gather(slots, chosen);

            Assert.Equal(Enumerable.Range(rows[0], chosen.Length), rows);
            Assert.Equal(Enumerable.Range(0, slots.Length), slots.Select(slot => slot.Row).Order());
        }
    }

    private int[] Gather(KvSlot[] slots, params int[] chosen)
    {
        List<Sequence> sequences = [.. chosen.Select(index => Started(slots[index]))];
        new BatchRows(slots, (row, tokens, other, otherTokens) => swaps.Add((row, tokens, other, otherTokens))).Gather(sequences);
        Assert.Equal(chosen.Select(index => slots[index].Row).Order(), sequences.Select(sequence => sequence.Slot.Row));
        return [.. sequences.Select(sequence => sequence.Slot.Row)];
    }

    private ScriptedSequence Started(KvSlot slot)
    {
        var sequence = new ScriptedSequence("x", [1], newTokens: 1);
        sequence.Start(slot, sampler);
        return sequence;
    }

    private static KvSlot[] Slots(params int[] tokens) => [.. tokens.Select((count, row) =>
    {
        var slot = new KvSlot(row, 500);
        slot.Advance(count);
        return slot;
    })];
}
