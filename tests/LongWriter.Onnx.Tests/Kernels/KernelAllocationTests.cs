using LongWriter.Onnx.Runtime.Kernels;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>A step allocates nothing on the managed heap. Alone, as threads of the library run parts of it and only the whole process can be looked at.</summary>
[CollectionDefinition(nameof(KernelAllocationTests), DisableParallelization = true)]
[Collection(nameof(KernelAllocationTests))]
public sealed class KernelAllocationTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(33, 2)]
    public void BlockMatMul_SteadyState_AllocatesNothing(int rows, int threads)
    {
        var layout = new BlockLayout(256, 100, 4, 32);
        using var session = new BlockMatMulSession(BlockMatrix.Random(layout, new Random(1), out _), gated: true, threads);
        float[] x = BlockMatrix.Numbers(new Random(2), rows * 512);

        // Leaves the tensors bound, whose memory the binding keeps.
        session.Multiply(x, rows, 512);

        AssertNothing(session.Node);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(33, 2)]
    public void CachedAttention_SteadyState_AllocatesNothing(int tokens, int threads)
    {
        var shape = new AttentionShape(64, 3, 2, Capacity: 600, Rows: 2);
        using var session = new AttentionSession(shape, threads: threads);
        session.Step(shape.Tokens(new Random(3), 2 * tokens), 600, 90);

        AssertNothing(session.Node);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(33, 2)]
    public void DecoderLayer_SteadyState_AllocatesNothing(int tokens, int threads)
    {
        var shape = new LayerShape(6, 2, 64, 128, 256, 4, 32);
        using var session = new LayerSession(shape, rows: 2, capacity: 600, fused: true, threads);
        session.Step(LayerSession.Tokens(shape, 2 * tokens, seed: 3), 600, 90);

        AssertNothing(session.Node);
    }

    /// <summary>What does allocate, does so each time; what else happens in the process now and then, does not.</summary>
    private static void AssertNothing(NodeSession session)
    {
        session.Run();
        session.Run();
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 5; attempt++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < 50; i++)
            {
                session.Run();
            }

            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.Equal(0, least);
    }
}
