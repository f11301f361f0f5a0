namespace LongWriter.Benchmarking.Reports.Plots;

/// <summary>Draws every k-th of many, evenly, so that a page of long runs stays small.</summary>
internal static class Thinning
{
    public static int StrideFor(int count, int most) => Math.Max(1, (count + most - 1) / most);

    public static IReadOnlyList<T> Every<T>(IReadOnlyList<T> all, int stride) => stride == 1 ? all : [.. all.Where((_, index) => index % stride == 0)];
}
