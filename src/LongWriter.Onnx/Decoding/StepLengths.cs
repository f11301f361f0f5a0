using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>How a graph is told how many positions there are after a step: two numbers, or a mask that is as long.</summary>
internal abstract class StepLengths : IDisposable
{
    public static StepLengths Create(DecoderModel model, OrtIoBinding binding, int capacity) =>
        model.AttentionMask is { } mask ? new Mask(model, mask, binding, capacity) : new Numbers(model, binding);

    /// <summary>Positions after the next step, of one sequence. Allocates nothing.</summary>
    public abstract void Set(int length);

    public abstract void Dispose();

    private sealed class Numbers : StepLengths
    {
        private readonly OrtTensor sequenceLengths;
        private readonly OrtTensor totalSequenceLength;

        public Numbers(DecoderModel model, OrtIoBinding binding)
        {
            sequenceLengths = OrtTensor.Allocate(model.Session.Environment, TensorElementType.Int32, 1);
            totalSequenceLength = OrtTensor.Allocate(model.Session.Environment, TensorElementType.Int32);
            binding.BindInput(model.SequenceLengths!.Value, sequenceLengths);
            binding.BindInput(model.TotalSequenceLength!.Value, totalSequenceLength);
        }

        public override void Set(int length)
        {
            sequenceLengths.AsSpan<int>()[0] = length - 1;
            totalSequenceLength.AsSpan<int>()[0] = length;
        }

        public override void Dispose()
        {
            sequenceLengths.Dispose();
            totalSequenceLength.Dispose();
        }
    }

    /// <summary>Ones for every position there can be; a step shows the graph as many as it needs.</summary>
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
            using OrtTensor all = OrtTensor.View(model.Session.Environment, ones, 0, TensorElementType.Int64, 1, capacity);
            all.AsSpan<long>().Fill(1);
        }

        public override void Set(int length) => binding.BindInput(input, ones, TensorElementType.Int64, 1, length);

        public override void Dispose() => ones.Dispose();
    }
}
