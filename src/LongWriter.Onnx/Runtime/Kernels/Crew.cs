using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>Work in phases, of which each needs what the one before it gave, and tasks, which may run at once.</summary>
internal interface IPhases
{
    /// <summary>How many phases.</summary>
    int Phases { get; }

    /// <summary>Tasks of a phase; none leaves it out. The same whenever it is asked.</summary>
    int CountTasks(int phase);

    /// <summary>Tasks that are worth being taken by themselves.</summary>
    int LeastTasks(int phase);

    /// <summary>A phase begins, or all are done; called by one thread, after everything that the phases before it did. Must not throw.</summary>
    void Enter(int phase);

    /// <summary>Does some tasks. Must not throw.</summary>
    void Run(int phase, int from, int end);

    /// <summary>Something short for a thread that has to wait while others finish a phase.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="thread">Which thread waits, and of how many: its own tasks of the next phase will be that part of them.</param>
    /// <param name="note">What the thread wishes to remember; 0 at first.</param>
    void Wait(int phase, (int Number, int Count) thread, ref long note);
}

/// <summary>
/// Threads that go through phases together. Each has its own part of a phase's tasks, which it takes in their order, so that what they read comes from memory in its order; who is done with these takes what is left
/// of the others'. Whoever finishes a phase's last task begins the next phase. Threads may come late or not at all: one alone does everything. So nothing is handed to threads and waited for between phases but
/// a number that they look at.
/// </summary>
internal unsafe struct Crew
{
    /// <summary>Looks before the thread offers its core to others, some tens of microseconds.</summary>
    private const int PatientLooks = 1000;

    private readonly int size;
    private readonly Part* parts;
    private int joined;

    /// <param name="size">Into how many parts tasks are cut: as many as threads are expected.</param>
    /// <param name="memory"><see cref="MemoryBytes"/>, of any content.</param>
    public Crew(int size, void* memory)
    {
        this.size = size;
        parts = (Part*)memory;
        new Span<Part>(parts, size).Clear();
    }

    /// <summary>Threads that came while there was something to do.</summary>
    public readonly int Joined => joined;

    /// <summary>Memory for a crew.</summary>
    public static long MemoryBytes(int size) => (long)size * sizeof(Part);

    /// <summary>Goes to the first phase; before any thread joins.</summary>
    public readonly void Begin<T>(T* work)
        where T : unmanaged, IPhases => GoTo(work, 0);

    /// <summary>Works until all phases are done. Each thread of the crew calls it, one of them at least.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Join<T>(T* work)
        where T : unmanaged, IPhases
    {
        if (PhaseOf(Volatile.Read(ref parts[0].Turn)) == work->Phases)
        {
            return;
        }

        int home = (Interlocked.Increment(ref joined) - 1) % size;
        long note = 0;
        while (true)
        {
            int phase = PhaseOf(Volatile.Read(ref parts[home].Turn));
            if (phase == work->Phases)
            {
                return;
            }

            for (int i = 0; i < size; i++)
            {
                WorkOn(work, (home + i) % size);
            }

            for (int looks = 0; PhaseOf(Volatile.Read(ref parts[home].Turn)) == phase; looks++)
            {
                if (looks < PatientLooks)
                {
                    work->Wait(phase, (home, size), ref note);
                }
                else
                {
                    Thread.Yield();
                }
            }
        }
    }

    /// <summary>Tasks before those of a thread.</summary>
    /// <param name="thread">Which, and of how many.</param>
    /// <param name="count">Tasks of all.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FirstOf((int Number, int Count) thread, int count) => (int)((long)count * thread.Number / thread.Count);

    private static int PhaseOf(long turn) => (int)(turn >> 32);

    /// <summary>Tasks before those of a part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int FirstOf(int part, int count) => FirstOf((part, size), count);

    /// <summary>
    /// Takes a part's tasks while there are any, of whichever phase it is in: half of what is left at a time. A thread that takes something waits until all that it asked of memory has come, so this should be
    /// seldom; but at the end pieces should be small, as others may wait for them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void WorkOn<T>(T* work, int part)
        where T : unmanaged, IPhases
    {
        while (true)
        {
            long turn = Volatile.Read(ref parts[part].Turn);
            int phase = PhaseOf(turn);
            if (phase == work->Phases)
            {
                return;
            }

            int count = work->CountTasks(phase);
            (int first, int end) = (FirstOf(part, count) + (int)turn, FirstOf(part + 1, count));
            if (first >= end)
            {
                return;
            }

            int take = Math.Min(end - first, Math.Max((end - first + 1) / 2, work->LeastTasks(phase)));
            if (Interlocked.CompareExchange(ref parts[part].Turn, turn + take, turn) != turn)
            {
                continue;
            }

            work->Run(phase, first, first + take);
            if (Interlocked.Add(ref parts[0].Done, take) == count)
            {
                GoTo(work, phase + 1);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void GoTo<T>(T* work, int phase)
        where T : unmanaged, IPhases
    {
        while (phase < work->Phases && work->CountTasks(phase) == 0)
        {
            phase++;
        }

        work->Enter(phase);

        // A thread may take a task of the phase as soon as it is that of one part.
        parts[0].Done = 0;
        for (int part = 0; part < size; part++)
        {
            Volatile.Write(ref parts[part].Turn, (long)phase << 32);
        }
    }

    /// <summary>What threads write of one part, as far from another's as two of the processor's lines, since these are fetched in pairs.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Part
    {
        /// <summary>The phase in the upper half, how many of its tasks are taken in the lower one.</summary>
        [FieldOffset(0)]
        public long Turn;

        /// <summary>Tasks of the phase that are finished, of all parts; the first part has it.</summary>
        [FieldOffset(128)]
        public int Done;
    }
}
