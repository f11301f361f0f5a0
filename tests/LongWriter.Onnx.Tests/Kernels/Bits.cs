namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>Comparisons of numbers.</summary>
internal static class Bits
{
    /// <summary>Equal to the last bit, which float's own equality does not say of zeros.</summary>
    public static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
            {
                Assert.Fail($"{what}: number {i}: expected {expected[i]:R}, found {actual[i]:R}.");
            }
        }
    }
}
