using LongWriter.Onnx.Export;
using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>What CachedAttention does not take is named, and the session goes on.</summary>
public sealed class CachedAttentionErrorTests : IDisposable
{
    private static readonly AttentionShape Shape = new(16, 2, 2, Capacity: 24, Rows: 2, Positions: 40);

    private readonly AttentionSession session = new(Shape);

    public void Dispose() => session.Dispose();

    [Theory]
    [InlineData(-1, "Length of row 1: expected 1 to 24, found 0.")]
    [InlineData(-2, "Length of row 1: expected 1 to 24, found -1.")]
    [InlineData(int.MinValue, "Length of row 1: expected 1 to 24, found -2147483647.")]
    [InlineData(24, "Length of row 1: expected 1 to 24, found 25.")]
    [InlineData(int.MaxValue, "Length of row 1: expected 1 to 24, found 2147483648.")]
    public void Run_LengthThatCannotBe_IsNamed(int last, string expected) =>
        AssertRefused(() => session.Step(Shape.Tokens(new Random(1), 2), [2, 1, Shape.Packed], [3, last]), expected);

    [Fact]
    public void Run_LengthShorterThanTheStep_IsNamed() => AssertRefused(
        () => session.Step(Shape.Tokens(new Random(1), 10), [2, 5, Shape.Packed], [3, 9]), "Length of row 0: expected 5 to 24, found 4.");

    [Fact]
    public void Run_LengthBeyondTheRotaryTables_IsNamed()
    {
        AttentionShape few = Shape with { Positions = 20 };
        using var little = new AttentionSession(few);
        float[] packed = few.Tokens(new Random(1), 2);

        Assert.EndsWith("CachedAttention: Length of row 0: expected 1 to 20, found 21.", Refused(() => little.Step(packed, 21, 20)), StringComparison.Ordinal);
        Assert.All(little.Step(packed, 20, 20), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Run_OneLengthForTwoRows_IsNamed() =>
        AssertRefused(() => session.Step(Shape.Tokens(new Random(1), 2), [2, 1, Shape.Packed], [3]), Mismatch("lengths", "1"));

    [Fact]
    public void Run_PackedOfAnotherWidth_IsNamed() =>
        AssertRefused(() => session.Step(new float[2 * (Shape.Packed - 16)], [2, 1, Shape.Packed - 16], [3, 3]), Mismatch("query, key and value", $"2, 1, {Shape.Packed - 16}"));

    [Fact]
    public void Run_MoreRowsThanAreKept_IsNamed() =>
        AssertRefused(() => session.Step(Shape.Tokens(new Random(1), 3), [3, 1, Shape.Packed], [3, 3, 3]), Mismatch("query, key and value", $"3, 1, {Shape.Packed}"));

    [Fact]
    public void Run_SinesOfAnotherShape_AreNamed()
    {
        OrtTensor sines = session.Sines;
        AssertRefused(
            () =>
            {
                session.Sines = session.Keep(OrtTensor.Allocate(session.Node.Environment, TensorElementType.Float, 39, 8));
                Step();
            },
            Mismatch("sines", "39, 8"),
            () => session.Sines = sines);
    }

    [Fact]
    public void Run_CosinesOfAnotherShape_AreNamed()
    {
        OrtTensor cosines = session.Cosines;
        AssertRefused(
            () =>
            {
                session.Cosines = session.Keep(OrtTensor.Allocate(session.Node.Environment, TensorElementType.Float, 40, 16));
                Step();
            },
            Mismatch("cosines", "40, 16"),
            () => session.Cosines = cosines);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_PresentInAnotherBuffer_IsRefused(bool keys) => AssertRefused(
        () =>
        {
            OrtTensor other = session.Keep(OrtTensor.Allocate(session.Node.Environment, TensorElementType.Int8, 2, 2, 24, 16));
            (session.PresentKeys, session.PresentValues) = (keys ? other : null, keys ? null : other);
            Step();
        },
        "Present keys and values must be bound to the buffers of the past ones.",
        () => (session.PresentKeys, session.PresentValues) = (null, null));

    [Theory]
    [InlineData(8)]
    [InlineData(24)]
    [InlineData(528)]
    public void Run_HeadsOfASizeThatIsNotTaken_AreNamed(int dim)
    {
        using var other = new AttentionSession(Shape with { Dim = dim });

        string message = Refused(() => other.Step(other.Shape.Tokens(new Random(1), 2), 3, 3));

        Assert.EndsWith($"CachedAttention: {Mismatch("past keys", $"2, 2, 24, {dim}")}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OtherHeadsThanTheAttributes_AreNamed()
    {
        using var other = new AttentionSession(Shape, attributes: AttentionSession.Attributes(Shape with { KvHeads = 1 }));

        Assert.EndsWith($"CachedAttention: {Mismatch("past keys", "2, 2, 24, 16")}", Refused(() => other.Step(Shape.Tokens(new Random(1), 2), 3, 3)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("num_heads", 3, "Attribute 'num_heads': expected a multiple of kv_num_heads, 2, found 3.")]
    [InlineData("num_heads", 0, "Attribute 'num_heads': expected 1 to 4096, found 0.")]
    [InlineData("num_heads", 1 << 20, "Attribute 'num_heads': expected 1 to 4096, found 1048576.")]
    [InlineData("kv_num_heads", 0, "Attribute 'kv_num_heads': expected 1 to 4, found 0.")]
    [InlineData("kv_num_heads", 8, "Attribute 'kv_num_heads': expected 1 to 4, found 8.")]
    public void Load_AttributeOutOfRange_IsNamed(string name, long value, string expected) =>
        Assert.EndsWith($"CachedAttention: {expected}", RefusedWith(attribute => attribute.Name == name ? GraphWriter.Attribute(name, value) : attribute), StringComparison.Ordinal);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Load_ScaleThatIsNoNumber_IsNamed(float scale) => Assert.Contains(
        "CachedAttention: Attribute 'scale': expected a number, found ",
        RefusedWith(attribute => attribute.Name == "scale" ? GraphWriter.Attribute("scale", scale) : attribute), StringComparison.Ordinal);

    [Theory]
    [InlineData("num_heads")]
    [InlineData("kv_num_heads")]
    [InlineData("scale")]
    public void Load_AttributeIsMissing_IsNamed(string name) =>
        Assert.Contains($"CachedAttention: Reading the attribute '{name}': ", RefusedWith(attribute => attribute.Name == name ? null : attribute), StringComparison.Ordinal);

    private static string Mismatch(string what, string found) => $"Shape of {what}: [{found}] does not go with the node's other shapes and attributes.";

    private static string Refused(Action action) => Assert.Throws<OnnxRuntimeException>(action).Message;

    private static string RefusedWith(Func<AttributeProto, AttributeProto?> change) =>
        Refused(() => new AttentionSession(Shape, attributes: [.. AttentionSession.Attributes(Shape).Select(change).OfType<AttributeProto>()]).Dispose());

    private float[] Step() => session.Step(Shape.Tokens(new Random(2), 2), 24, 7);

    /// <summary>Refused by that message, without a byte of the kept ones changed, and the next step is what it was.</summary>
    private void AssertRefused(Action action, string expected, Action? repair = null)
    {
        float[] before = Step();
        sbyte[] keys = session.Keys.AsSpan<sbyte>().ToArray();
        sbyte[] values = session.Values.AsSpan<sbyte>().ToArray();

        var failure = Assert.Throws<OnnxRuntimeException>(action);

        Assert.EndsWith($"CachedAttention: {expected}", failure.Message, StringComparison.Ordinal);
        Assert.Equal(OnnxRuntimeErrorCode.InvalidArgument, failure.Code);
        Assert.Equal(keys, session.Keys.AsSpan<sbyte>().ToArray());
        Assert.Equal(values, session.Values.AsSpan<sbyte>().ToArray());
        repair?.Invoke();
        Bits.AssertSame(before, Step(), "the step behind");
    }
}
