namespace LongWriter.Onnx.Tests.Export;

/// <summary>How far logits are from those of a reference.</summary>
internal static class LogitDistance
{
    /// <summary>Of the differences' length to that of what was expected; 0 is equal.</summary>
    public static double RelativeError(float[][] expected, float[][] actual) =>
        Math.Sqrt(expected.Zip(actual, (e, a) => e.Zip(a, (x, y) => Math.Pow(x - y, 2)).Sum()).Sum() / expected.Sum(row => row.Sum(x => Math.Pow(x, 2))));
}
