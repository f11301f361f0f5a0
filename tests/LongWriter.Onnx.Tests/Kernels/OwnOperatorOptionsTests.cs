using LongWriter.Onnx.Export;
using LongWriter.Onnx.Runtime.Kernels;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>When operators of ours are exported, when they are refused, and under which name.</summary>
public sealed class OwnOperatorOptionsTests
{
    private const string Refusal = "OwnOperators must be false or null unless Kv is Int8, Weights are quantized, Activations are Float32 and Signature is LongWriter, but is true.";

    public static TheoryData<KvPrecision, WeightPrecision, ActivationPrecision, Signature> Unfit => new()
    {
        { KvPrecision.Float32, WeightPrecision.Int4, ActivationPrecision.Float32, Signature.LongWriter },
        { KvPrecision.Float16, WeightPrecision.Int4, ActivationPrecision.Float32, Signature.LongWriter },
        { KvPrecision.Float16, WeightPrecision.Int4, ActivationPrecision.Float16, Signature.LongWriter },
        { KvPrecision.Int8, WeightPrecision.Float32, ActivationPrecision.Float32, Signature.LongWriter },
        { KvPrecision.Float32, WeightPrecision.Int8, ActivationPrecision.Float32, Signature.GenAi },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public void Validate_WhereTheyCannotBe_NamesThem(KvPrecision kv, WeightPrecision weights, ActivationPrecision activations, Signature signature)
    {
        var options = new ExportOptions { Kv = kv, Weights = weights, Activations = activations, Signature = signature, OwnOperators = true };

        Assert.Equal(Refusal, Assert.Throws<ArgumentException>(options.Validate).Message);
        (options with { OwnOperators = false }).Validate();
        (options with { OwnOperators = null }).Validate();
        Assert.False((options with { OwnOperators = null }).HasOwnOperators);
    }

    [Fact]
    public void HasOwnOperators_NotAsked_IsTheFastProfileOnAFastProcessor()
    {
        Assert.Equal(Lanes.AreFast, ExportOptions.Fast.HasOwnOperators);
        Assert.False(ExportOptions.Reproducible.HasOwnOperators);
        Assert.False(ExportOptions.Gpu.HasOwnOperators);
        Assert.True((ExportOptions.Reproducible with { OwnOperators = true }).HasOwnOperators);
        Assert.False((ExportOptions.Fast with { OwnOperators = false }).HasOwnOperators);
    }

    [Fact]
    public void NameOf_OwnOperators_IsAnother()
    {
        Assert.Equal("int8-b32-kv8-layers-v1", ModelCache.NameOf(ExportOptions.Reproducible with { OwnOperators = true }));
        Assert.Equal("int4-b128-kv8-layers-v1", ModelCache.NameOf(ExportOptions.Fast with { OwnOperators = true }));
        Assert.Equal("int4-b128-kv8-own-v1", ModelCache.NameOf(ExportOptions.Fast with { OwnOperators = true, MayFuseLayers = false }));
        Assert.Equal("int4-b128-kv8-pf32-v1", ModelCache.NameOf(ExportOptions.Fast with { OwnOperators = false }));
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(128, true)]
    [InlineData(512, true)]
    [InlineData(0, false)]
    [InlineData(8, false)]
    [InlineData(24, false)]
    [InlineData(528, false)]
    [InlineData(-16, false)]
    public void Takes_SizeOfAHead_IsAMultipleOf16UpTo512(int headDim, bool expected) => Assert.Equal(expected, CachedAttention.Takes(headDim));
}
