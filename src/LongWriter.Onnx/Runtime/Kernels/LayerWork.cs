using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>One run of a <see cref="DecoderLayer"/>, as all threads see it.</summary>
internal unsafe struct LayerWork : IPhases
{
    /// <summary>Rows that are worth being taken by themselves, to quantize them and the like.</summary>
    private const int LeastRows = 4;

    /// <summary>Bytes of weights times rows that are worth being taken by themselves.</summary>
    private const long LeastBytes = 64 * 1024;

    /// <summary>Bytes of the next weights that waiting threads fetch: what a core's own cache surely has room for.</summary>
    private const long MostAhead = 256 * 1024;

    private const int LineBytes = 64;

    /// <summary>Lines that are asked for between two looks at whether the phase is over.</summary>
    private const int LinesAtOnce = 16;

    public AttentionStep Attention;
    private BlockWork qkv;
    private BlockWork project;
    private BlockWork gateUp;
    private BlockWork down;

    /// <summary>Ticks of the phases, where somebody measures; the phase that runs, and when it began.</summary>
    private readonly long* ticks;
    private int entered = -1;
    private long enteredAt;

    /// <param name="shape">The layer's.</param>
    /// <param name="attention">The step, but for what attention is given and gives.</param>
    /// <param name="epsilon">Of norms.</param>
    public LayerWork(LayerShape shape, in AttentionStep attention, float epsilon)
    {
        Attention = attention;
        ticks = LayerClock.Target;
        int rows = attention.Rows * attention.Tokens;
        qkv = new BlockWork(shape.Qkv, BlockInput.Normed, epsilon) { Rows = rows };
        project = new BlockWork(shape.Out, BlockInput.Plain, 0) { Rows = rows };
        gateUp = new BlockWork(shape.GateUp, BlockInput.Normed, epsilon) { Rows = rows };
        down = new BlockWork(shape.Down, BlockInput.Gated, 0) { Rows = rows };
    }

    /// <summary>What threads go through.</summary>
    private enum Phase
    {
        QuantizeHidden,
        MultiplyQkv,
        Append,
        Attend,
        Join,
        QuantizeAttended,
        MultiplyOut,
        QuantizeSum,
        MultiplyAndGate,
        MultiplyDown,
        End,
    }

    /// <summary>Of what threads go through, in its order.</summary>
    public static IReadOnlyList<string> PhaseNames { get; } = [.. Enum.GetNames<Phase>().SkipLast(1)];

    /// <summary>Memory for what is computed on the way.</summary>
    public readonly long ScratchBytes => QuantBytes + down.ScratchBytes + Attention.ScratchBytes + Floats(qkv) + Floats(project, inputs: true) + 2 * Floats(project) + Floats(gateUp);

    readonly int IPhases.Phases => (int)Phase.End;

    private readonly int Rows => qkv.Rows;

    /// <summary>Groups of gates, and of values, that give a block of what goes down.</summary>
    private readonly int GroupsOfBlock => down.Layout.BlockSize / BlockLayout.GroupRows;

    /// <summary>A product's rows are no longer needed when the next one's are quantized; but those that go down are quantized while gates are multiplied.</summary>
    private readonly long QuantBytes => Math.Max(qkv.ScratchBytes, Math.Max(project.ScratchBytes, gateUp.ScratchBytes));

    /// <summary>Gives it what it reads and writes.</summary>
    public void Connect(float* hidden, float* output, float* firstNorm, float* secondNorm)
    {
        qkv.Source = gateUp.Source = hidden;
        qkv.Norm = firstNorm;
        gateUp.Norm = secondNorm;
        down.Output = output;
    }

    /// <summary>Gives it its matrices.</summary>
    public void UseWeights(byte* ofQkv, byte* ofProject, byte* ofGateUp, byte* ofDown)
    {
        qkv.Weights = ofQkv;
        project.Weights = ofProject;
        gateUp.Weights = ofGateUp;
        down.Weights = ofDown;
    }

    /// <summary>Gives it biases, null for none.</summary>
    public void UseBiases(float* ofQkv, float* ofProject)
    {
        qkv.Bias = ofQkv;
        project.Bias = ofProject;
    }

    /// <summary>Gives it <see cref="ScratchBytes"/>, at a multiple of 64.</summary>
    public void UseScratch(byte* memory)
    {
        qkv.UseScratch(memory);
        project.UseScratch(memory);
        gateUp.UseScratch(memory);
        memory += QuantBytes;
        down.UseScratch(memory);
        memory += down.ScratchBytes;
        Attention.UseScratch(memory);
        memory += Attention.ScratchBytes;
        Attention.Packed = qkv.Output = (float*)memory;
        memory += Floats(qkv);
        Attention.Output = project.Source = (float*)memory;
        memory += Floats(project, inputs: true);
        project.Output = gateUp.Branch = (float*)memory;
        memory += Floats(project);
        gateUp.Sum = (float*)memory;
        memory += Floats(project);
        gateUp.Output = down.Source = (float*)memory;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly int IPhases.CountTasks(int phase) => (Phase)phase switch
    {
        Phase.Attend => Attention.AttendTasks,
        Phase.Join => Attention.IsSplit ? Attention.KvHeadRows : 0,
        Phase.MultiplyQkv => qkv.Layout.Groups,
        Phase.MultiplyOut => project.Layout.Groups,
        Phase.MultiplyAndGate => down.Layout.Blocks,
        Phase.MultiplyDown => down.Layout.Groups,
        _ => Rows,
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly int IPhases.LeastTasks(int phase) => (Phase)phase switch
    {
        Phase.Attend => 1,
        Phase.MultiplyQkv => GroupsOfPiece(qkv),
        Phase.MultiplyOut => GroupsOfPiece(project),
        Phase.MultiplyAndGate => Math.Max(1, GroupsOfPiece(gateUp) / (2 * GroupsOfBlock)),
        Phase.MultiplyDown => GroupsOfPiece(down),
        _ => LeastRows,
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void IPhases.Enter(int phase)
    {
        if (ticks == null)
        {
            return;
        }

        long now = Stopwatch.GetTimestamp();
        if (entered >= 0)
        {
            ticks[entered] += now - enteredAt;
        }

        (entered, enteredAt) = (phase, now);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly void IPhases.Run(int phase, int from, int end)
    {
        switch ((Phase)phase)
        {
            case Phase.QuantizeHidden:
                qkv.Quantize(from, end);
                break;
            case Phase.MultiplyQkv:
                qkv.Multiply(from, end);
                break;
            case Phase.Append:
                for (int row = from; row < end; row++)
                {
                    Attention.Append(row);
                }

                break;
            case Phase.Attend:
                for (int task = from; task < end; task++)
                {
                    Attention.Attend(task);
                }

                break;
            case Phase.Join:
                for (int head = from; head < end; head++)
                {
                    Attention.Join(head);
                }

                break;
            case Phase.QuantizeAttended:
                project.Quantize(from, end);
                break;
            case Phase.MultiplyOut:
                project.Multiply(from, end);
                break;
            case Phase.QuantizeSum:
                gateUp.Quantize(from, end);
                break;
            case Phase.MultiplyAndGate:
                MultiplyAndGate(from, end);
                break;
            default:
                down.Multiply(from, end);
                AddSum(from * BlockLayout.GroupRows, Math.Min(end * BlockLayout.GroupRows, down.Layout.Outputs));
                break;
        }
    }

    /// <summary>Fetches some of the thread's weights that come next, so that memory does not wait, too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly void IPhases.Wait(int phase, (int Number, int Count) thread, ref long note)
    {
        bool hasFetched = (Phase)phase switch
        {
            < Phase.MultiplyQkv => Fetch(qkv, Phase.MultiplyQkv, thread, ref note),
            < Phase.MultiplyOut => Fetch(project, Phase.MultiplyOut, thread, ref note),
            < Phase.MultiplyAndGate => Fetch(gateUp, Phase.MultiplyAndGate, thread, ref note),
            < Phase.MultiplyDown => Fetch(down, Phase.MultiplyDown, thread, ref note),
            _ => false,
        };
        if (!hasFetched)
        {
            Lanes.Pause();
        }
    }

    /// <summary>Asks for some of a product's weights; false where enough were asked for.</summary>
    /// <param name="work">The product.</param>
    /// <param name="phase">When it is multiplied.</param>
    /// <param name="thread">Whose weights.</param>
    /// <param name="note">The phase in the upper half, how many bytes were asked for in the lower one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Fetch(in BlockWork work, Phase phase, (int Number, int Count) thread, ref long note)
    {
        long asked = note >> 32 == (long)phase ? (int)note : 0;
        (int from, int end) = (Crew.FirstOf(thread, work.Layout.Groups), work.Layout.Groups);
        long most = Math.Min(MostAhead, (long)(end - from) * work.Layout.GroupBytes);
        if (asked >= most)
        {
            return false;
        }

        byte* first = work.Weights + (long)from * work.Layout.GroupBytes + asked;
        for (byte* line = first; line < first + LinesAtOnce * LineBytes; line += LineBytes)
        {
            Lanes.PrefetchSoon(line);
        }

        note = (long)phase << 32 | (asked + LinesAtOnce * LineBytes);
        return true;
    }

    private static long Floats(in BlockWork work, bool inputs = false) => Scratch.Align((long)work.Rows * (inputs ? work.Layout.Inputs : work.Layout.Outputs) * sizeof(float));

    /// <summary>Gates and values of some blocks of what goes down, and these blocks quantized.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void MultiplyAndGate(int from, int end)
    {
        int values = down.Layout.Inputs / BlockLayout.GroupRows;
        for (int block = from; block < end; block++)
        {
            (int first, int last) = (block * GroupsOfBlock, Math.Min((block + 1) * GroupsOfBlock, values));
            gateUp.Multiply(first, last);
            gateUp.Multiply(values + first, values + last);
            for (int row = 0; row < Rows; row++)
            {
                down.QuantizeBlocks(row, block, block + 1);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int GroupsOfPiece(in BlockWork work) => (int)Math.Max(1, LeastBytes / ((long)work.Layout.GroupBytes * work.Rows));

    /// <summary>Adds the stream to what the layer gives it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void AddSum(int from, int end)
    {
        for (long row = 0; row < Rows; row++)
        {
            float* output = down.Output + row * down.Layout.Outputs;
            float* sum = gateUp.Sum + row * down.Layout.Outputs;
            int i = from;
            for (; i + Vector512<float>.Count <= end; i += Vector512<float>.Count)
            {
                (Vector512.Load(sum + i) + Vector512.Load(output + i)).Store(output + i);
            }

            for (; i < end; i++)
            {
                output[i] = sum[i] + output[i];
            }
        }
    }
}
