using System.Runtime.InteropServices;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>How a graph is told how many positions there are after a step: numbers, or a mask that is as long.</summary>
internal abstract class StepLengths : IDisposable
{
    public static StepLengths Create(DecoderModel model, OrtIoBinding binding, KvCache cache) =>
        model.AttentionMask is { } mask ? new Mask(model, mask, binding, cache.Capacity)
        : model.Device is not null ? new DeviceLengths(model, binding, cache)
        : new Numbers(model, binding, cache.Rows);

    /// <summary>After the next step each row has its past and the step's tokens. Allocates nothing.</summary>
    public abstract void Set(ReadOnlySpan<int> pasts, int tokens);

    public abstract void Dispose();

    /// <summary>The length of each row, and the longest of them.</summary>
    private sealed class Numbers : StepLengths
    {
        private readonly OrtIoBinding binding;
        private readonly int input;
        private readonly NativeBuffer lengths;
        private readonly OrtTensor longest;
        private int boundRows;

        public Numbers(DecoderModel model, OrtIoBinding binding, int maxRows)
        {
            this.binding = binding;
            input = model.SequenceLengths!.Value;
            lengths = new NativeBuffer(TensorElementType.Int32.ByteCount(maxRows));
            longest = OrtTensor.Allocate(model.Session.Environment, TensorElementType.Int32);
            binding.BindInput(model.TotalSequenceLength!.Value, longest);
        }

        public override void Set(ReadOnlySpan<int> pasts, int tokens)
        {
            if (boundRows != pasts.Length)
            {
                binding.BindInput(input, lengths, 0, TensorElementType.Int32, pasts.Length);
                boundRows = pasts.Length;
            }

            Span<int> target = MemoryMarshal.Cast<byte, int>(lengths.Slice(0, lengths.LengthBytes));
            int longestPast = 0;
            for (int row = 0; row < pasts.Length; row++)
            {
                target[row] = pasts[row] + tokens - 1;
                longestPast = Math.Max(longestPast, pasts[row]);
            }

            longest.AsSpan<int>()[0] = longestPast + tokens;
        }

        public override void Dispose()
        {
            lengths.Dispose();
            longest.Dispose();
        }
    }

    /// <summary>Of one row: ones for every position there can be; a step shows the graph as many as it needs.</summary>
    private sealed class Mask : StepLengths
    {
        private readonly OrtIoBinding binding;
        private readonly int input;
        private readonly NativeBuffer ones;

        public Mask(DecoderModel model, int input, OrtIoBinding binding, int capacity)
        {
            this.binding = binding;
            this.input = input;
            ones = new NativeBuffer(TensorElementType.Int64.ByteCount(capacity));
            MemoryMarshal.Cast<byte, long>(ones.Slice(0, ones.LengthBytes)).Fill(1);
        }

        public override void Set(ReadOnlySpan<int> pasts, int tokens) => binding.BindInput(input, ones, 0, TensorElementType.Int64, 1, pasts[0] + tokens);

        public override void Dispose() => ones.Dispose();
    }
}
