using System.Runtime.InteropServices;
using LongWriter.Onnx.Runtime.Kernels;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>Phases that count how often each task is done, and look whether those before are.</summary>
internal sealed unsafe class CrewRun : IDisposable
{
    private readonly void* memory;
    private readonly Counting* work;
    private readonly int[] firstOfPhase;
    private readonly GCHandle self;
    private readonly bool slow;
    private Crew crew;
    private int tooEarly;
    private int wrongNotes;
    private int waited;

    public CrewRun(int[] tasks, int size, bool slow = false)
    {
        Tasks = tasks;
        this.slow = slow;
        firstOfPhase = [.. tasks.Select((_, phase) => tasks.Take(phase).Sum())];
        Done = new int[tasks.Sum()];
        self = GCHandle.Alloc(this);
        memory = NativeMemory.AlignedAlloc((nuint)Crew.MemoryBytes(size), 64);
        work = (Counting*)NativeMemory.Alloc((nuint)sizeof(Counting));
        *work = new Counting(GCHandle.ToIntPtr(self));
        crew = new Crew(size, memory);
        crew.Begin(work);
    }

    public int[] Tasks { get; }

    /// <summary>How often each task was done, of all phases.</summary>
    public int[] Done { get; }

    /// <summary>Tasks that began before one of an earlier phase was done.</summary>
    public int TooEarly => tooEarly;

    /// <summary>Phases in the order in which they began, and behind the last one the end.</summary>
    public List<int> Entered { get; } = [];

    /// <summary>Waits with another note than the thread left.</summary>
    public int WrongNotes => wrongNotes;

    /// <summary>Sends threads through, all at once; gives how many have joined so far.</summary>
    public int Go(int threads)
    {
        using var start = new Barrier(threads);
        Thread[] all = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            start.SignalAndWait(TestContext.Current.CancellationToken);
            crew.Join(work);
        }))];
        Array.ForEach(all, thread => thread.Start());
        Array.ForEach(all, thread => thread.Join());
        return crew.Joined;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(memory);
        NativeMemory.Free(work);
        self.Free();
    }

    private void Run(int phase, int from, int end)
    {
        if (Done.AsSpan(0, firstOfPhase[phase]).Contains(0))
        {
            Interlocked.Increment(ref tooEarly);
        }

        // Until another thread waits, so that one surely does; it has nothing else to do.
        while (slow && phase == 0 && Volatile.Read(ref waited) < 3)
        {
            Thread.Yield();
        }

        for (int task = from; task < end; task++)
        {
            Interlocked.Increment(ref Done[firstOfPhase[phase] + task]);
        }
    }

    private void Wait(int phase, ref long note)
    {
        int times = Interlocked.Increment(ref waited);
        if (slow && phase == 0 && note != times - 1)
        {
            Interlocked.Increment(ref wrongNotes);
        }

        note++;
    }

    /// <summary>What threads are given: a number by which they find the run.</summary>
    private readonly struct Counting(nint run) : IPhases
    {
        public int Phases => Of.Tasks.Length;

        private CrewRun Of => (CrewRun)GCHandle.FromIntPtr(run).Target!;

        public int CountTasks(int phase) => Of.Tasks[phase];

        public int LeastTasks(int phase) => phase == 3 ? 8 : 1;

        public void Enter(int phase) => Of.Entered.Add(phase);

        public void Run(int phase, int from, int end) => Of.Run(phase, from, end);

        public void Wait(int phase, (int Number, int Count) thread, ref long note) => Of.Wait(phase, ref note);
    }
}
