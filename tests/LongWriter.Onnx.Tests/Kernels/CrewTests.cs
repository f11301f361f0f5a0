using LongWriter.Onnx.Runtime.Kernels;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>Each task of each phase is done once, and none before all of the phase before it, however many threads come.</summary>
public sealed unsafe class CrewTests
{
    private static readonly int[] Tasks = [3, 0, 1, 100, 0, 0, 7, 64, 2, 0];

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 4)]
    [InlineData(2, 2)]
    [InlineData(4, 2)]
    [InlineData(3, 5)]
    public void Join_AnyThreads_DoesEachTaskOnceInItsPhase(int threads, int size)
    {
        for (int repeat = 0; repeat < 200; repeat++)
        {
            using var run = new CrewRun(Tasks, size);

            int joined = run.Go(threads);

            Assert.All(run.Done, count => Assert.Equal(1, count));
            Assert.Equal(0, run.TooEarly);
            Assert.Equal([0, 2, 3, 6, 7, 8, 10], run.Entered);
            Assert.InRange(joined, 1, threads);
        }
    }

    [Fact]
    public void Join_AfterTheEnd_ReturnsAtOnce()
    {
        using var run = new CrewRun(Tasks, size: 2);
        run.Go(threads: 1);

        Assert.Equal(1, run.Go(threads: 3));
        Assert.All(run.Done, count => Assert.Equal(1, count));
    }

    [Fact]
    public void Join_NothingToDo_Returns()
    {
        using var run = new CrewRun([0, 0], size: 2);

        Assert.Equal(0, run.Go(threads: 1));
        Assert.Empty(run.Done);
        Assert.Equal([2], run.Entered);
    }

    /// <summary>A thread that waits is told which of the threads it is, and gets its note back.</summary>
    [Fact]
    public void Wait_WhileAnotherWorks_KeepsTheThreadsNote()
    {
        using var run = new CrewRun([1, 2], size: 2, slow: true);

        run.Go(threads: 2);

        Assert.All(run.Done, count => Assert.Equal(1, count));
        Assert.Equal(0, run.WrongNotes);
    }

    [Theory]
    [InlineData(10, 3)]
    [InlineData(2, 5)]
    [InlineData(0, 4)]
    public void FirstOf_AllThreads_CoversAllTasksOnce(int count, int threads)
    {
        int[] firsts = [.. Enumerable.Range(0, threads + 1).Select(thread => Crew.FirstOf((thread, threads), count))];

        Assert.Equal(0, firsts[0]);
        Assert.Equal(count, firsts[^1]);
        Assert.All(firsts.Zip(firsts.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, count / threads, count / threads + 1));
    }
}
