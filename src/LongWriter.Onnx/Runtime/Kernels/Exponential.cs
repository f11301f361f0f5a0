using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>
/// e to the power of 16 numbers, within 1e-7 of it: .NET's own computes in double precision, which took as long as all products of attention. The power of 2 is split off, and the rest, between -ln 2 / 2 and
/// ln 2 / 2, is 1 + r + r^2 q(r), with a q of degree 4 that was fitted for the least relative error (3e-9, below what float32 holds). Below -87.7 it is 0, and above 88.4 infinity.
/// </summary>
internal static class Exponential
{
    private const float Lowest = -88.02f;
    private const float Highest = 89;
    private const float PowersOfTwo = 1.44269504f;

    /// <summary>ln 2 in two parts, of which the first has so few digits that its multiples are exact.</summary>
    private const float LargePart = 0.693359375f;
    private const float SmallPart = -2.12194440e-4f;

    private const int ExponentBias = 127;
    private const int MantissaBits = 23;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> power)
    {
        power = Vector512.Min(Vector512.Max(power, Vector512.Create(Lowest)), Vector512.Create(Highest));
        Vector512<float> twos = Vector512.Round(power * PowersOfTwo);
        Vector512<float> r = Vector512.FusedMultiplyAdd(twos, Vector512.Create(-LargePart), power);
        r = Vector512.FusedMultiplyAdd(twos, Vector512.Create(-SmallPart), r);
        Vector512<float> q = Vector512.FusedMultiplyAdd(Vector512.Create(0.0013814599f), r, Vector512.Create(0.0083687166f));
        q = Vector512.FusedMultiplyAdd(q, r, Vector512.Create(0.041668389f));
        q = Vector512.FusedMultiplyAdd(q, r, Vector512.Create(0.16666521f));
        q = Vector512.FusedMultiplyAdd(q, r, Vector512.Create(0.49999994f));
        Vector512<float> rest = Vector512.FusedMultiplyAdd(q, r * r, r) + Vector512<float>.One;
        return rest * ((Vector512.ConvertToInt32(twos) + Vector512.Create(ExponentBias)) << MantissaBits).AsSingle();
    }
}
