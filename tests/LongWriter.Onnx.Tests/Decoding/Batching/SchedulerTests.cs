using LongWriter.Onnx.Decoding;

namespace LongWriter.Onnx.Tests.Decoding.Batching;

/// <summary>Whose turn it is, step by step, without a model.</summary>
public sealed class SchedulerTests
{
    private const int ChunkTokens = 10;

    private readonly RequestQueue queue = new();
    private readonly List<ScriptedSequence> added = [];
    private readonly Sampler sampler = new(8);

    [Fact]
    public void TryNext_LongPromptBesideOneThatDecodes_NeverTakesTwoChunksInARow()
    {
        Scheduler scheduler = Create(maxConcurrent: 2);
        Add(new ScriptedSequence("a", Prompt(1, 3), newTokens: 20));
        Add(new ScriptedSequence("b", Prompt(100, 55), newTokens: 20));

        Assert.Equal(
            ["a3", "b10", "a1", "b10", "a1", "b10", "a1", "b10", "a1", "b10", "a1", "b5", "a1", "a1 b1", "a1 b1"],
            Steps(scheduler).Take(15));
    }

    [Fact]
    public void TryNext_ManyRequests_StartInTheirOrderWhenThereIsAPlace()
    {
        Scheduler scheduler = Create(maxConcurrent: 2);
        foreach ((string name, int newTokens) in (ReadOnlySpan<(string, int)>)[("a", 4), ("b", 2), ("c", 2), ("d", 1)])
        {
            Add(new ScriptedSequence(name, Prompt(name[0], 3), newTokens));
        }

        Assert.Equal(["a3", "b3", "a1", "a1 b1", "c3", "a1", "d3", "c1"], Steps(scheduler));
    }

    [Fact]
    public void TryNext_PromptThatIsThereButForItsLastToken_JoinsTheBatchWithoutAStepOfItsOwn()
    {
        Scheduler scheduler = Create(maxConcurrent: 3);
        Add(new ScriptedSequence("a", Prompt(1, 9), newTokens: 3));
        Add(new ScriptedSequence("b", Prompt(1, 9), newTokens: 3));
        Add(new ScriptedSequence("c", Prompt(1, 9), newTokens: 3));

        Assert.Equal(["a9", "a1 b1 c1", "a1 b1 c1", "b1 c1"], Steps(scheduler));
    }

    [Fact]
    public void TryNext_GraphThatTakesOneSequence_GivesEachATurn()
    {
        Scheduler scheduler = Create(maxConcurrent: 3, batches: false);
        Add(new ScriptedSequence("a", Prompt(1, 3), newTokens: 4));
        Add(new ScriptedSequence("b", Prompt(100, 3), newTokens: 4));
        Add(new ScriptedSequence("c", Prompt(200, 25), newTokens: 2));

        Assert.Equal(["a3", "b3", "a1", "c10", "a1", "b1", "c10", "a1", "b1", "c5", "b1", "c1"], Steps(scheduler));
    }

    [Fact]
    public void TryNext_RequestThatCannotStart_IsAnsweredAndGivesItsSlotBack()
    {
        Scheduler scheduler = Create(maxConcurrent: 1);
        ScriptedSequence[] broken = [.. Enumerable.Range(0, 5).Select(i => new ScriptedSequence("x", Prompt(i * 50, 3), newTokens: 0))];
        Array.ForEach(broken, Add);
        Add(new ScriptedSequence("a", Prompt(1, 3), newTokens: 2));

        Assert.Equal(["a3", "a1"], Steps(scheduler));
        Assert.All(broken, sequence => Assert.IsType<InvalidDataException>(sequence.Failure));
    }

    [Fact]
    public void TryNext_SequenceAnsweredBetweenSteps_LeavesAtTheNextRound()
    {
        Scheduler scheduler = Create(maxConcurrent: 2);
        var a = new ScriptedSequence("a", Prompt(1, 3), newTokens: 9);
        Add(a);
        Add(new ScriptedSequence("b", Prompt(100, 3), newTokens: 4));
        List<string> steps = [];
        foreach (string step in Steps(scheduler))
        {
            steps.Add(step);
            if (steps.Count == 4)
            {
                a.Fail(new OperationCanceledException());
            }
        }

        Assert.Equal(["a3", "b3", "a1", "a1 b1", "b1", "b1"], steps);
    }

    [Fact]
    public void TryNext_WindowThatSlid_IsReadAgainInChunksBesideThoseThatDecode()
    {
        Scheduler scheduler = Create(maxConcurrent: 2);
        Add(new ScriptedSequence("a", Prompt(1, 28), newTokens: 4, slidesAt: 30, keeps: 25));
        Add(new ScriptedSequence("b", Prompt(100, 3), newTokens: 20));

        Assert.Equal(["a10", "a10", "a8", "b3", "a1", "a10", "b1", "a10", "b1", "a5", "b1", "a1 b1"], Steps(scheduler).Take(12));
    }

    [Fact]
    public void TryNext_WindowThatSlidAtTheEndOfThePrompt_IsReadAgainAtOnce()
    {
        Scheduler scheduler = Create(maxConcurrent: 1);
        Add(new ScriptedSequence("a", Prompt(1, 9), newTokens: 3, slidesAt: 10, keeps: 4));

        Assert.Equal(["a9", "a4", "a1"], Steps(scheduler));
    }

    [Fact]
    public void TryNext_WindowThatKeepsOneToken_NeedsNoChunkOfItsOwn()
    {
        Scheduler scheduler = Create(maxConcurrent: 2);
        Add(new ScriptedSequence("a", Prompt(1, 4), newTokens: 4, slidesAt: 6, keeps: 1));
        Add(new ScriptedSequence("b", Prompt(100, 4), newTokens: 4));

        Assert.Equal(["a4", "b4", "a1", "a1 b1", "a1 b1", "b1"], Steps(scheduler));
    }

    /// <summary>Windows that slide at every other token never leave the reading to anybody; they share it with those who wait to start.</summary>
    [Fact]
    public void TryNext_WindowsThatSlideAllTheTime_TakeTurnsWithNewRequests()
    {
        Scheduler scheduler = Create(maxConcurrent: 3);
        Add(new ScriptedSequence("a", Prompt(1, 9), newTokens: 40, slidesAt: 10, keeps: 9));
        Add(new ScriptedSequence("b", Prompt(100, 9), newTokens: 40, slidesAt: 10, keeps: 9));
        Add(new ScriptedSequence("c", Prompt(50, 4), newTokens: 1));
        Add(new ScriptedSequence("d", Prompt(60, 4), newTokens: 1));

        Assert.Equal(["a9", "a9", "b9", "a9", "c4", "b9", "d4", "a9", "b9", "a9"], Steps(scheduler).Take(10));
    }

    [Fact]
    public void TryNext_MoreWindowsThanPlaces_NobodyStartsBeforeOneHasEnded()
    {
        Scheduler scheduler = Create(maxConcurrent: 2);
        Add(new ScriptedSequence("a", Prompt(1, 9), newTokens: 3, slidesAt: 10, keeps: 9));
        Add(new ScriptedSequence("b", Prompt(100, 9), newTokens: 3, slidesAt: 10, keeps: 9));
        Add(new ScriptedSequence("c", Prompt(50, 4), newTokens: 1));

        Assert.Equal(["a9", "a9", "b9", "a9", "c4", "b9", "b9"], Steps(scheduler));
    }

    [Fact]
    public void TryNext_AnsweredWhileItWaitsToBeReadAgain_LeavesWithoutBeingRead()
    {
        Scheduler scheduler = Create(maxConcurrent: 3);
        var a = new ScriptedSequence("a", Prompt(1, 9), newTokens: 9, slidesAt: 10, keeps: 9);
        Add(a);
        Add(new ScriptedSequence("b", Prompt(100, 25), newTokens: 2));
        Add(new ScriptedSequence("c", Prompt(50, 3), newTokens: 1));
        List<string> steps = [];
        foreach (string step in Steps(scheduler))
        {
            steps.Add(step);
            if (steps.Count == 4)
            {
                a.Fail(new OperationCanceledException());
            }
        }

        Assert.Equal(["a9", "a9", "b10", "b10", "b5", "c3", "b1"], steps);
    }

    private void Add(ScriptedSequence sequence)
    {
        added.Add(sequence);
        queue.Add(sequence);
    }

    /// <summary>Names and tokens of each step, until everybody is answered.</summary>
    private IEnumerable<string> Steps(Scheduler scheduler)
    {
        while (!added.TrueForAll(sequence => sequence.IsAnswered))
        {
            yield return Step(scheduler);
        }
    }

    private string Step(Scheduler scheduler)
    {
        Assert.True(scheduler.TryNext(out StepPlan plan));
        List<string> names = [];
        for (int i = 0; i < plan.Sequences.Length; i++)
        {
            var sequence = (ScriptedSequence)plan.Sequences[i];
            Assert.Equal(plan.FirstRow + i, sequence.Slot.Row);
            Assert.Equal(sequence.Slot.CachedTokens, plan.Pasts[i]);
            names.Add($"{sequence.Name}{plan.Tokens}");
            sequence.Slot.Advance(plan.Tokens);
            sequence.Commit([], sampler);
        }

        return string.Join(' ', names.Order());
    }

    private Scheduler Create(int maxConcurrent, bool batches = true)
    {
        KvSlot[] slots = [.. Enumerable.Range(0, maxConcurrent + 1).Select(row => new KvSlot(row, 200))];
        return new Scheduler(
            queue,
            new PrefixCache(slots, keptSlots: 2, (_, _, _) => { }),
            batches ? new BatchRows(slots, (_, _, _, _) => { }) : null,
            sampler,
            speculation: null,
            new SchedulerLimits(maxConcurrent, ChunkTokens, _ => int.MaxValue));
    }

    private static int[] Prompt(int start, int count) => [.. Enumerable.Range(1000 + start, count)];
}
