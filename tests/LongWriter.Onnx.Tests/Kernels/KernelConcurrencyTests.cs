using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Runtime.Kernels;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>Several runs of one session at once: what a kernel computes on the way belongs to its run.</summary>
public sealed class KernelConcurrencyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Run_OneSessionFromSeveralThreads_SameBits(int threads)
    {
        var layout = new BlockLayout(200, 100, 4, 32);
        using var session = new BlockMatMulSession(BlockMatrix.Random(layout, new Random(1), out _), threads: threads);

        // Of different heights, so that memory grows in one run while another one computes.
        float[][] inputs = [.. Enumerable.Range(0, 4).Select(i => BlockMatrix.Numbers(new Random(i), (1 + 11 * i) * 200))];
        float[][] expected = [.. inputs.Select(x => session.Multiply(x, x.Length / 200, 200))];
        byte[] packed = BlockMatrix.Random(layout, new Random(1), out _).Pack();

        await Task.WhenAll(inputs.Select((x, i) => Task.Run(
            () =>
            {
                using var binding = new OrtIoBinding(session.Node.Session);
                using var options = new OrtRunOptions(session.Node.Environment);
                using OrtTensor input = OrtTensor.From<float>(session.Node.Environment, x, x.Length / 200, 200);
                using OrtTensor weights = OrtTensor.From<byte>(session.Node.Environment, packed, packed.Length);
                using OrtTensor output = OrtTensor.Allocate(session.Node.Environment, TensorElementType.Float, x.Length / 200, 100);
                binding.BindInput(0, input);
                binding.BindInput(1, weights);
                binding.BindOutput(0, output);
                for (int run = 0; run < 50; run++)
                {
                    output.AsSpan<float>().Fill(float.NaN);
                    session.Node.Session.Run(binding, options);
                    Bits.AssertSame(expected[i], output.AsSpan<float>(), $"run {run} of {x.Length / 200} rows");
                }
            },
            TestContext.Current.CancellationToken)));
    }
}
