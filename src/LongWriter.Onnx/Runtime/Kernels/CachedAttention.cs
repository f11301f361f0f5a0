using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>
/// Attention of new tokens over int8 keys and values that are kept in one buffer: turns queries and keys by their positions, appends keys and values, and attends, each token to those up to itself.
/// Inputs: packed query, key and value (batch, tokens, (heads + 2 x kv_heads) x dim); past keys and past values (batch, kv_heads, capacity, dim); each row's length after the step minus 1 (batch);
/// the longest length (one number, not looked at); cosines and sines (positions, dim / 2); the steps of int8 keys and values (1). Outputs: (batch, tokens, heads x dim); present keys and values, which must be the buffers of the past.
/// Attributes: num_heads, kv_num_heads, scale of scores. A token's result does not depend on other rows, or on how many tokens a step has.
/// </summary>
internal sealed class CachedAttention : CustomOperator
{
    public const string OperatorName = "CachedAttention";

    private const int MostHeads = 4096;

    public override string Name => OperatorName;

    public override IReadOnlyList<TensorElementType> Inputs { get; } =
    [
        TensorElementType.Float, TensorElementType.Int8, TensorElementType.Int8, TensorElementType.Int32, TensorElementType.Int32,
        TensorElementType.Float, TensorElementType.Float, TensorElementType.Float, TensorElementType.Float,
    ];

    public override IReadOnlyList<TensorElementType> Outputs { get; } = [TensorElementType.Float, TensorElementType.Int8, TensorElementType.Int8];

    /// <summary>Whether heads of a size can be computed.</summary>
    public static bool Takes(int headDim) => headDim % Vector512<float>.Count == 0 && headDim is > 0 and <= 512;

    public override IOperatorKernel CreateKernel(OperatorAttributes attributes)
    {
        int heads = attributes.RequireInt("num_heads", 1, MostHeads);
        int kvHeads = attributes.RequireInt("kv_num_heads", 1, heads);
        return heads % kvHeads == 0
            ? new Kernel(heads, kvHeads, attributes.RequireFloat("scale"))
            : throw new OnnxRuntimeException($"Attribute 'num_heads': expected a multiple of kv_num_heads, {kvHeads}, found {heads}.", OnnxRuntimeErrorCode.InvalidArgument);
    }

    private sealed unsafe class Kernel(int heads, int kvHeads, float scale) : IOperatorKernel
    {
        /// <summary>From so many tokens on they are turned on all threads.</summary>
        private const int ParallelTokens = 8;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Compute(OperatorCall call)
        {
            Span<long> pastShape = stackalloc long[OperatorCall.MostDimensions];
            Span<long> shape = stackalloc long[OperatorCall.MostDimensions];
            var step = new Step { Heads = heads, KvHeads = kvHeads };
            sbyte* past = call.Input<sbyte>(1, pastShape, out int pastRank);
            Require(pastRank == 4 && pastShape[1] == kvHeads && Takes((int)Math.Min(pastShape[3], int.MaxValue)), "past keys", pastShape[..pastRank]);
            sbyte* pastValues = call.Input<sbyte>(2, shape, out int rank);
            Require(shape[..rank].SequenceEqual(pastShape[..pastRank]), "past values", shape[..rank]);
            step.Dim = (int)pastShape[3];
            step.Capacity = checked((int)pastShape[2]);
            step.Packed = call.Input<float>(0, shape, out rank);
            Require(rank == 3 && shape[0] == pastShape[0] && shape[2] == (heads + 2L * kvHeads) * step.Dim, "query, key and value", shape[..rank]);
            (step.Rows, step.Tokens) = (checked((int)shape[0]), checked((int)shape[1]));
            shape[2] = (long)heads * step.Dim;
            step.Output = call.Output<float>(0, shape[..rank]);
            step.Keys = call.Output<sbyte>(1, pastShape[..pastRank]);
            step.Values = call.Output<sbyte>(2, pastShape[..pastRank]);
            if (step.Keys != past || step.Values != pastValues)
            {
                throw new OnnxRuntimeException("Present keys and values must be bound to the buffers of the past ones.", OnnxRuntimeErrorCode.InvalidArgument);
            }

            step.Lengths = call.Input<int>(3, shape, out rank);
            Require(rank == 1 && shape[0] == step.Rows, "lengths", shape[..rank]);
            step.Cosines = call.Input<float>(5, shape, out rank);
            Require(rank == 2 && shape[1] * 2 == step.Dim, "cosines", shape[..rank]);
            long positions = shape[0];
            step.Sines = call.Input<float>(6, shape, out rank);
            Require(rank == 2 && shape[1] * 2 == step.Dim && shape[0] == positions, "sines", shape[..rank]);
            step.KeyStep = *call.Input<float>(7, shape, out rank);
            Require(rank == 1 && shape[0] == 1, "the keys' step", shape[..rank]);
            step.ValueStep = *call.Input<float>(8, shape, out rank);
            Require(rank == 1 && shape[0] == 1, "the values' step", shape[..rank]);
            step.Scale = scale * step.KeyStep;
            if (step.Rows == 0 || step.Tokens == 0)
            {
                return;
            }

            int longest = 0;
            for (int row = 0; row < step.Rows; row++)
            {
                // Not added to 1 before it is known to be small: a damaged length may be the largest number.
                int last = step.Lengths[row];
                if (last < step.Tokens - 1 || last >= step.Capacity || last >= positions)
                {
                    throw new OnnxRuntimeException(
                        $"Length of row {row}: expected {step.Tokens} to {Math.Min(step.Capacity, positions)}, found {last + 1L}.", OnnxRuntimeErrorCode.InvalidArgument);
                }

                longest = Math.Max(longest, last + 1);
            }

            Run(call, ref step, longest);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Run(OperatorCall call, ref Step step, int longest)
        {
            step.Queries = step.Heads / step.KvHeads * step.Tokens;
            step.PaddedQueries = AttentionKernel.Pad(step.Queries);
            step.Pieces = (longest + AttentionKernel.PieceKeys - 1) / AttentionKernel.PieceKeys;
            int ofHeads = step.Rows * step.KvHeads;
            bool isSplit = step.PaddedQueries <= AttentionKernel.MostQueries && step.Pieces > 1;
            long queryBytes = Scratch.Align((long)ofHeads * step.PaddedQueries * step.Dim * sizeof(float));
            long partialBytes = isSplit ? ofHeads * step.PartialBytes(step.PaddedQueries) : 0;
            byte* scratch = Scratch.Take(queryBytes + partialBytes);
            step.Turned = (float*)scratch;
            step.Partials = (float*)(scratch + queryBytes);
            fixed (Step* state = &step)
            {
                Each(call, &AppendToken, step.Rows * step.Tokens, ParallelTokens, state);
                if (isSplit)
                {
                    call.ParallelFor(&AttendPiece, ofHeads * step.Pieces, state);
                    Each(call, &JoinHead, ofHeads, ParallelTokens, state);
                }
                else
                {
                    call.ParallelFor(&AttendQueries, ofHeads * step.QueryParts, state);
                }
            }
        }

        /// <summary>On all threads where there is enough to do.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Each(OperatorCall call, delegate* unmanaged<void*, nuint, void> body, int count, int parallelFrom, Step* step)
        {
            if (count >= parallelFrom)
            {
                call.ParallelFor(body, count, step);
                return;
            }

            for (int i = 0; i < count; i++)
            {
                body(step, (nuint)i);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        [UnmanagedCallersOnly]
        private static void AppendToken(void* step, nuint token) => ((Step*)step)->Append((int)token);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        [UnmanagedCallersOnly]
        private static void AttendPiece(void* step, nuint task) => ((Step*)step)->AttendPiece((int)task);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        [UnmanagedCallersOnly]
        private static void AttendQueries(void* step, nuint task) => ((Step*)step)->AttendQueries((int)task);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        [UnmanagedCallersOnly]
        private static void JoinHead(void* step, nuint head) => ((Step*)step)->Join((int)head);

        private static void Require(bool holds, string what, ReadOnlySpan<long> found)
        {
            if (!holds)
            {
                throw new OnnxRuntimeException($"Shape of {what}: [{string.Join(", ", found.ToArray())}] does not go with the node's other shapes and attributes.", OnnxRuntimeErrorCode.InvalidArgument);
            }
        }
    }

    /// <summary>One run, as all threads see it.</summary>
    private unsafe struct Step
    {
        public int Heads;
        public int KvHeads;
        public int Dim;
        public int Capacity;
        public int Rows;
        public int Tokens;
        public int Queries;
        public int PaddedQueries;
        public int Pieces;
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

        /// <summary>(rows, kv heads, padded queries, dim): a query is a head of a token, tokens outermost.</summary>
        public float* Turned;

        /// <summary>(rows, kv heads, pieces, padded queries, dim + 2 and what fills up), where few queries are split by pieces.</summary>
        public float* Partials;

        public readonly int PartialStride => Dim + Vector512<float>.Count;

        /// <summary>Tasks of a head whose queries are too many to go together.</summary>
        public readonly int QueryParts => (PaddedQueries + AttentionKernel.MostQueries - 1) / AttentionKernel.MostQueries;

        /// <summary>Memory for the pieces of some queries of one head.</summary>
        public readonly long PartialBytes(int queries) => (long)Pieces * queries * PartialStride * sizeof(float);

        private readonly int Group => Heads / KvHeads;

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
                float* query = Turned + (((long)row * KvHeads + head / Group) * PaddedQueries + token * Group + head % Group) * Dim;
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

        /// <summary>All queries of one head of one row against a piece of its keys.</summary>
        public readonly void AttendPiece(int task)
        {
            (int ofHead, int piece) = (task / Pieces, task % Pieces);
            if (piece < PiecesOf(ofHead))
            {
                Attend(ofHead, piece, 0, PaddedQueries, Partials + ((long)ofHead * Pieces + piece) * PaddedQueries * PartialStride);
            }
        }

        /// <summary>Some queries of one head of one row against all of its keys, and their output.</summary>
        public readonly void AttendQueries(int task)
        {
            (int ofHead, int part) = (task / QueryParts, task % QueryParts);
            int first = part * AttentionKernel.MostQueries;
            int count = Math.Min(AttentionKernel.MostQueries, PaddedQueries - first);
            float* partials = (float*)Scratch.TakeForTask(PartialBytes(count));
            int pieces = 0;
            for (; pieces < Pieces && SeenOf(ofHead, pieces, first + count - 1) > 0; pieces++)
            {
                Attend(ofHead, pieces, first, count, partials + (long)pieces * count * PartialStride);
            }

            Join(ofHead, partials, pieces, first, count);
        }

        /// <summary>Joins the pieces of one head of one row.</summary>
        public readonly void Join(int ofHead) => Join(ofHead, Partials + (long)ofHead * Pieces * PaddedQueries * PartialStride, PiecesOf(ofHead), 0, PaddedQueries);

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
            AttentionKernel.Attend(Turned + ((long)ofHead * PaddedQueries + first) * Dim, count, Dim, Keys + place, Values + place, visible, partials, PartialStride);
        }

        /// <summary>Weighs the pieces against each other by their largest scores.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Join(int ofHead, float* partials, int pieces, int first, int count)
        {
            (int row, int head) = (ofHead / KvHeads, ofHead % KvHeads);
            long pieceStride = (long)count * PartialStride;
            for (int query = first; query < Math.Min(first + count, Queries); query++)
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
}
