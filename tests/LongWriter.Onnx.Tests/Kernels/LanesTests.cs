using System.Runtime.Intrinsics;
using LongWriter.Onnx.Runtime.Kernels;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>What is computed by the processor's own operations and what is computed on every processor is the same.</summary>
public sealed class LanesTests
{
    private static readonly byte[] Bytes = Draw();

    [Fact]
    public void MultiplyBytes_Portable_EqualsAnyProcessors()
    {
        // Sums within 16 bits, as the kernels keep them.
        Vector512<byte> left = Vector512.Create<byte>(Bytes) & Vector512.Create((byte)0x0F);
        Vector512<sbyte> right = Vector512.Create<byte>(Bytes.AsSpan(64)).AsSByte();

        Assert.Equal(PortableLanes.MultiplyBytes(left, right), Lanes.MultiplyBytes(left, right));
        Assert.Equal(left[0] * right[0] + left[1] * right[1], PortableLanes.MultiplyBytes(left, right)[0]);
    }

    [Fact]
    public void MultiplyShorts_Portable_EqualsAnyProcessors()
    {
        Vector512<short> left = Vector512.Create<byte>(Bytes).AsInt16();
        Vector512<short> right = Vector512.Create<byte>(Bytes.AsSpan(64)).AsInt16();

        Assert.Equal(PortableLanes.MultiplyShorts(left, right), Lanes.MultiplyShorts(left, right));
        Assert.Equal(left[0] * right[0] + left[1] * right[1], PortableLanes.MultiplyShorts(left, right)[0]);
    }

    [Fact]
    public unsafe void Loads_Portable_EqualAnyProcessors()
    {
        fixed (byte* bytes = Bytes)
        {
            Assert.Equal(PortableLanes.LoadBytes((sbyte*)bytes), Lanes.LoadBytes((sbyte*)bytes));
            Assert.Equal((sbyte)Bytes[15], PortableLanes.LoadBytes((sbyte*)bytes)[15]);
            Assert.Equal(PortableLanes.LoadBFloat16((ushort*)bytes).AsInt32(), Lanes.LoadBFloat16((ushort*)bytes).AsInt32());
        }
    }

    [Fact]
    public unsafe void StoreBytes_Portable_EqualsAnyProcessors()
    {
        sbyte* own = stackalloc sbyte[16];
        sbyte* portable = stackalloc sbyte[16];
        Vector512<float> whole = Vector512.Create(-128f, 127, 0, 1, -1, 64, -64, 3, 5, -7, 100, -100, 12, 90, -90, 2);

        Lanes.StoreBytes(whole, own);
        PortableLanes.StoreBytes(Vector512.ConvertToInt32(whole), portable);

        Assert.Equal(new Span<sbyte>(portable, 16).ToArray(), new Span<sbyte>(own, 16).ToArray());
        Assert.Equal(-128, own[0]);
        Assert.Equal(2, own[15]);
    }

    [Fact]
    public void Unpack_Portable_EqualsAnyProcessors()
    {
        Vector512<int> left = Vector512.Create<byte>(Bytes).AsInt32();
        Vector512<int> right = Vector512.Create<byte>(Bytes.AsSpan(64)).AsInt32();

        Assert.Equal(PortableLanes.UnpackLow(left, right), Lanes.UnpackLow(left, right));
        Assert.Equal(PortableLanes.UnpackHigh(left, right), Lanes.UnpackHigh(left, right));
        Assert.Equal(PortableLanes.UnpackLow(left.AsInt64(), right.AsInt64()), Lanes.UnpackLow(left.AsInt64(), right.AsInt64()));
        Assert.Equal(PortableLanes.UnpackHigh(left.AsInt64(), right.AsInt64()), Lanes.UnpackHigh(left.AsInt64(), right.AsInt64()));
        Assert.Equal([left[4], right[4], left[5], right[5]], Enumerable.Range(4, 4).Select(i => PortableLanes.UnpackLow(left, right)[i]));
    }

    private static byte[] Draw()
    {
        byte[] bytes = new byte[128];
        new Random(3).NextBytes(bytes);
        return bytes;
    }
}
