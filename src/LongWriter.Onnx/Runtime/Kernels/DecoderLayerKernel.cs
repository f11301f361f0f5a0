using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>A node of <see cref="DecoderLayer"/>: checks what it is given, then sends the session's threads through it.</summary>
/// <param name="shape">The layer's sizes.</param>
/// <param name="scale">Of scores.</param>
/// <param name="epsilon">Of norms.</param>
internal sealed unsafe class DecoderLayerKernel(LayerShape shape, float scale, float epsilon) : IOperatorKernel
{
    /// <summary>The first of the inputs that may be left out.</summary>
    public const int FirstBias = FirstWeights + 6;

    private const int FirstWeights = CacheInputs.Count;

    /// <summary>Threads that may take part; how many a session has is not known here, and those that find nothing to do leave at once.</summary>
    private static readonly int MostThreads = Environment.ProcessorCount;

    /// <summary>As many threads as came to the runs so far: nobody says how many a session has.</summary>
    private int crewSize = 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Compute(OperatorCall call)
    {
        var step = new AttentionStep { Heads = shape.Heads, KvHeads = shape.KvHeads };
        CacheInputs.ReadPast(call, ref step);
        CacheInputs.Require(step.Dim == shape.HeadDim, "past keys", [step.Rows, step.KvHeads, step.Capacity, step.Dim]);
        Span<long> hidden = stackalloc long[OperatorCall.MostDimensions];
        float* source = call.Input<float>(0, hidden, out int rank);
        CacheInputs.Require(rank == 3 && hidden[0] == step.Rows && hidden[2] == shape.Hidden, "hidden states", hidden[..rank]);
        step.Tokens = checked((int)hidden[1]);
        int longest = CacheInputs.ReadLengths(call, scale, ref step);
        step.Split(longest);
        var work = new LayerWork(shape, step, epsilon);
        work.Connect(source, call.Output<float>(0, hidden[..rank]), Norm(call, FirstWeights), Norm(call, FirstWeights + 3));
        work.UseWeights(
            Matrix(call, FirstWeights + 1, shape.Qkv), Matrix(call, FirstWeights + 2, shape.Out), Matrix(call, FirstWeights + 4, shape.GateUp), Matrix(call, FirstWeights + 5, shape.Down));
        work.UseBiases(Bias(call, FirstBias, shape.Qkv.Outputs), Bias(call, FirstBias + 1, shape.Hidden));
        if (step.Rows == 0 || step.Tokens == 0)
        {
            return;
        }

        int size = crewSize;
        long crewBytes = Scratch.Align(Crew.MemoryBytes(size));
        byte* scratch = Scratch.Take(crewBytes + work.ScratchBytes);
        work.UseScratch(scratch + crewBytes);
        var run = new Run(&work, new Crew(size, scratch));
        run.Crew.Begin(&work);
        call.ParallelFor(&Join, MostThreads, &run);
        crewSize = Math.Max(size, Math.Min(run.Crew.Joined, MostThreads));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [UnmanagedCallersOnly]
    private static void Join(void* run, nuint thread) => ((Run*)run)->Crew.Join(((Run*)run)->Work);

    private float* Norm(OperatorCall call, int index) => List(call, index, "Norm", shape.Hidden, "weights");

    private static float* Bias(OperatorCall call, int index, int count) => call.Has(index) ? List(call, index, "Biases", count, "numbers") : null;

    private static float* List(OperatorCall call, int index, string what, int count, string of)
    {
        Span<long> found = stackalloc long[OperatorCall.MostDimensions];
        float* list = call.Input<float>(index, found, out int rank);
        ShapeCheck.Require(rank == 1 && found[0] == count, $"{what} of input {index}: expected a list of {count} {of}", found[..rank]);
        return list;
    }

    private static byte* Matrix(OperatorCall call, int index, in BlockLayout layout)
    {
        Span<long> found = stackalloc long[OperatorCall.MostDimensions];
        byte* weights = call.Input<byte>(index, found, out int rank);
        ShapeCheck.Require(rank == 1 && found[0] == layout.Bytes, $"Weights of input {index}: expected a list of {layout.Bytes} bytes", found[..rank]);
        return weights;
    }

    /// <summary>What threads are given.</summary>
    private struct Run(LayerWork* work, Crew crew)
    {
        public readonly LayerWork* Work = work;
        public Crew Crew = crew;
    }
}
