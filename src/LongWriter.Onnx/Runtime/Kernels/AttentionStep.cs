using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>One run of attention, as all threads see it.</summary>
internal unsafe struct AttentionStep
{
    public int Heads;
    public int KvHeads;
    public int Dim;
    public int Capacity;
    public int Rows;
    public int Tokens;
    public float Scale;
    public float KeyStep;
    public float ValueStep;
    public float* Packed;
    public float* Output;
    public sbyte* Keys;
    public sbyte* Values;
    public int* Lengths;
    public float* Cosines;
    public float* Sines;

    /// <summary>Of one head: a query is a head of a token, tokens outermost.</summary>
    private int queryCount;
    private int paddedQueries;
    private int pieceCount;

    /// <summary>(rows, kv heads, padded queries, dim).</summary>
    private float* turnedQueries;

    /// <summary>(rows, kv heads, pieces, padded queries, dim + 2 and what fills up), where few queries are split by pieces.</summary>
    private float* pieceResults;

    /// <summary>Key heads of all rows.</summary>
    public readonly int KvHeadRows => Rows * KvHeads;

    /// <summary>Whether a head's queries are few enough to go together, and its keys many enough to go in pieces: then <see cref="Join(int)"/> comes after all <see cref="Attend(int)"/>.</summary>
    public readonly bool IsSplit => paddedQueries <= AttentionKernel.MostQueries && pieceCount > 1;

    /// <summary>Tasks of <see cref="Attend(int)"/>.</summary>
    public readonly int AttendTasks => KvHeadRows * (IsSplit ? pieceCount : QueryParts);

    /// <summary>Memory for what is computed on the way.</summary>
    public readonly long ScratchBytes => TurnedBytes + (IsSplit ? KvHeadRows * PartialBytes(paddedQueries) : 0);

    private readonly long TurnedBytes => Scratch.Align((long)KvHeadRows * paddedQueries * Dim * sizeof(float));

    private readonly int PartialStride => Dim + Vector512<float>.Count;

    /// <summary>Tasks of a head whose queries are too many to go together.</summary>
    private readonly int QueryParts => (paddedQueries + AttentionKernel.MostQueries - 1) / AttentionKernel.MostQueries;

    private readonly int Group => Heads / KvHeads;

    /// <summary>Cuts the work into tasks; the step's shape is known.</summary>
    /// <param name="longest">Length of the longest row after the step.</param>
    public void Split(int longest)
    {
        queryCount = Group * Tokens;
        paddedQueries = AttentionKernel.Pad(queryCount);
        pieceCount = (longest + AttentionKernel.PieceKeys - 1) / AttentionKernel.PieceKeys;
    }

    /// <summary>Gives it <see cref="ScratchBytes"/>, at a multiple of 64.</summary>
    public void UseScratch(byte* memory)
    {
        turnedQueries = (float*)memory;
        pieceResults = (float*)(memory + TurnedBytes);
    }

    /// <summary>Turns a token's queries and keys, and keeps its keys and values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Append(int index)
    {
        (int row, int token) = (index / Tokens, index % Tokens);
        int position = Lengths[row] + 1 - Tokens + token;
        float* packed = Packed + (long)index * (Heads + 2 * KvHeads) * Dim;
        float* cosines = Cosines + (long)position * (Dim / 2);
        float* sines = Sines + (long)position * (Dim / 2);
        float* turned = stackalloc float[Dim];
        for (int head = 0; head < Heads; head++)
        {
            float* query = turnedQueries + (((long)row * KvHeads + head / Group) * paddedQueries + token * Group + head % Group) * Dim;
            Turn(packed + head * Dim, cosines, sines, Scale, query);
        }

        for (int head = 0; head < KvHeads; head++)
        {
            long place = (((long)row * KvHeads + head) * Capacity + position) * Dim;
            Turn(packed + (Heads + head) * Dim, cosines, sines, 1, turned);
            Quantize(turned, KeyStep, Keys + place);
            Quantize(packed + (Heads + KvHeads + head) * Dim, ValueStep, Values + place);
        }
    }

    /// <summary>One task of attention.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Attend(int task)
    {
        if (IsSplit)
        {
            AttendPiece(task);
        }
        else
        {
            AttendQueries(task);
        }
    }

    /// <summary>All queries of one head of one row against a piece of its keys.</summary>
    private readonly void AttendPiece(int task)
    {
        (int ofHead, int piece) = (task / pieceCount, task % pieceCount);
        if (piece < PiecesOf(ofHead))
        {
            Attend(ofHead, piece, 0, paddedQueries, pieceResults + ((long)ofHead * pieceCount + piece) * paddedQueries * PartialStride);
        }
    }

    /// <summary>Some queries of one head of one row against all of its keys, and their output.</summary>
    private readonly void AttendQueries(int task)
    {
        (int ofHead, int part) = (task / QueryParts, task % QueryParts);
        int first = part * AttentionKernel.MostQueries;
        int count = Math.Min(AttentionKernel.MostQueries, paddedQueries - first);
        float* partials = (float*)Scratch.TakeForTask(PartialBytes(count));
        int pieces = 0;
        for (; pieces < pieceCount && SeenOf(ofHead, pieces, first + count - 1) > 0; pieces++)
        {
            Attend(ofHead, pieces, first, count, partials + (long)pieces * count * PartialStride);
        }

        Join(ofHead, partials, pieces, first, count);
    }

    /// <summary>Joins the pieces of one head of one row.</summary>
    public readonly void Join(int ofHead) => Join(ofHead, pieceResults + (long)ofHead * pieceCount * paddedQueries * PartialStride, PiecesOf(ofHead), 0, paddedQueries);

    /// <summary>Memory for the pieces of some queries of one head.</summary>
    private readonly long PartialBytes(int queries) => (long)pieceCount * queries * PartialStride * sizeof(float);

    private readonly int PiecesOf(int ofHead) => Lengths[ofHead / KvHeads] / AttentionKernel.PieceKeys + 1;

    /// <summary>Keys of a piece that a query sees.</summary>
    private readonly int SeenOf(int ofHead, int piece, int query) =>
        Math.Clamp(Lengths[ofHead / KvHeads] + 2 - Tokens + Math.Min(query / Group, Tokens - 1) - piece * AttentionKernel.PieceKeys, 0, AttentionKernel.PieceKeys);

    private readonly void Attend(int ofHead, int piece, int first, int count, float* partials)
    {
        int* visible = stackalloc int[AttentionKernel.MostQueries];
        for (int i = 0; i < count; i++)
        {
            visible[i] = SeenOf(ofHead, piece, first + i);
        }

        long place = ((long)ofHead * Capacity + (long)piece * AttentionKernel.PieceKeys) * Dim;
        AttentionKernel.Attend(turnedQueries + ((long)ofHead * paddedQueries + first) * Dim, count, Dim, Keys + place, Values + place, visible, partials, PartialStride);
    }

    /// <summary>Weighs the pieces against each other by their largest scores.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Join(int ofHead, float* partials, int pieces, int first, int count)
    {
        (int row, int head) = (ofHead / KvHeads, ofHead % KvHeads);
        long pieceStride = (long)count * PartialStride;
        for (int query = first; query < Math.Min(first + count, queryCount); query++)
        {
            float* partial = partials + (long)(query - first) * PartialStride;
            float largest = float.NegativeInfinity;
            for (int piece = 0; piece < pieces; piece++)
            {
                largest = Math.Max(largest, partial[piece * pieceStride + Dim]);
            }

            float* output = Output + (((long)row * Tokens + query / Group) * Heads + head * Group + query % Group) * Dim;
            float sum = 0;
            for (int piece = 0; piece < pieces; piece++)
            {
                float* part = partial + piece * pieceStride;
                float weight = MathF.Exp(part[Dim] - largest);
                if (weight == 0)
                {
                    continue;
                }

                Add(part, weight, isFirst: sum == 0, output);
                sum = MathF.FusedMultiplyAdd(weight, part[Dim + 1], sum);
            }

            var share = Vector512.Create(ValueStep / sum);
            for (int i = 0; i < Dim; i += Vector512<float>.Count)
            {
                (Vector512.Load(output + i) * share).Store(output + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Add(float* part, float weight, bool isFirst, float* output)
    {
        var weights = Vector512.Create(weight);
        for (int i = 0; i < Dim; i += Vector512<float>.Count)
        {
            Vector512<float> before = isFirst ? Vector512<float>.Zero : Vector512.Load(output + i);
            Vector512.FusedMultiplyAdd(Vector512.Load(part + i), weights, before).Store(output + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Turn(float* source, float* cosines, float* sines, float factor, float* target)
    {
        int pairs = Dim / 2;
        for (int i = 0; i < pairs; i += Vector256<float>.Count)
        {
            Vector256<float> first = Vector256.Load(source + i), second = Vector256.Load(source + pairs + i);
            Vector256<float> cosine = Vector256.Load(cosines + i), sine = Vector256.Load(sines + i);
            ((first * cosine - second * sine) * factor).Store(target + i);
            ((second * cosine + first * sine) * factor).Store(target + pairs + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Quantize(float* source, float step, sbyte* target)
    {
        for (int i = 0; i < Dim; i += Vector512<float>.Count)
        {
            Vector512<float> whole = Vector512.Round(Vector512.Load(source + i) / Vector512.Create(step));
            Lanes.StoreBytes(Vector512.Min(Vector512.Max(whole, Vector512.Create((float)sbyte.MinValue)), Vector512.Create((float)sbyte.MaxValue)), target + i);
        }
    }
}
