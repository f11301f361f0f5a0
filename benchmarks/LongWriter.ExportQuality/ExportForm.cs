using LongWriter.Onnx.Export;

namespace LongWriter.ExportQuality;

/// <summary>A form of export that is measured.</summary>
/// <param name="Weights">Of the projections.</param>
/// <param name="BlockSize">Weights that share a scale; no matter for float32.</param>
/// <param name="Kv">Of keys and values.</param>
/// <param name="IsPacked">Whether projections of one input are one product.</param>
/// <param name="IsOwn">Whether operators are ours.</param>
internal sealed record ExportForm(WeightPrecision Weights, int BlockSize, KvPrecision Kv, bool IsPacked = true, bool IsOwn = false)
{
    /// <summary>The reference first, and each form with both kinds of keys and values.</summary>
    public static IReadOnlyList<ExportForm> All { get; } =
    [
        .. Both(WeightPrecision.Float32, 32), .. Both(WeightPrecision.Int8, 32), .. Both(WeightPrecision.Int8, 128),
        .. Both(WeightPrecision.Int4, 32), .. Both(WeightPrecision.Int4, 64), .. Both(WeightPrecision.Int4, 128),
        new(WeightPrecision.Int4, 128, KvPrecision.Float16), new(WeightPrecision.Int4, 128, KvPrecision.Int8, IsPacked: false),
        .. from weights in new[] { WeightPrecision.Int8, WeightPrecision.Int4 } from block in new[] { 32, 64, 128 } select new ExportForm(weights, block, KvPrecision.Int8, IsOwn: true),
    ];

    public string Name => Weights == WeightPrecision.Float32 ? "float32" : FormattableString.Invariant($"{(Weights == WeightPrecision.Int8 ? "int8" : "int4")}, block {BlockSize}");

    public string KvName => Kv switch { KvPrecision.Int8 => "int8", KvPrecision.Float16 => "float16", _ => "float32" };

    /// <summary>What else is not as in the other forms, in words.</summary>
    public string Remark => IsOwn ? ", own operators" : IsPacked ? "" : ", projections not packed";

    /// <summary>Of a weight of the projections, its part of the block's scale included: float32, or bfloat16 with operators of ours.</summary>
    public double BitsPerWeight => Weights switch
    {
        WeightPrecision.Int8 => 8 + (IsOwn ? 16.0 : 32.0) / BlockSize,
        WeightPrecision.Int4 => 4 + (IsOwn ? 16.0 : 32.0) / BlockSize,
        _ => 32,
    };

    public ExportOptions ToOptions() => new() { Weights = Weights, BlockSize = BlockSize, Kv = Kv, PackProjections = IsPacked, OwnOperators = IsOwn };

    private static ExportForm[] Both(WeightPrecision weights, int blockSize) =>
        [new(weights, blockSize, KvPrecision.Float32), new(weights, blockSize, KvPrecision.Int8)];
}
