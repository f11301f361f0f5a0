using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Export;

/// <summary>What the precisions of an export are in the graph, and what manifests and folders call them.</summary>
internal static class PrecisionTypes
{
    public static TensorElementType Of(ActivationPrecision precision) => precision switch
    {
        ActivationPrecision.Float16 => TensorElementType.Float16,
        ActivationPrecision.BFloat16 => TensorElementType.BFloat16,
        _ => TensorElementType.Float,
    };

    public static TensorElementType Of(EmbeddingPrecision precision) => precision switch
    {
        EmbeddingPrecision.Float16 => TensorElementType.Float16,
        EmbeddingPrecision.BFloat16 => TensorElementType.BFloat16,
        _ => TensorElementType.Float,
    };

    public static TensorElementType Of(KvPrecision precision) => precision switch
    {
        KvPrecision.Int8 => TensorElementType.Int8,
        KvPrecision.Float16 => TensorElementType.Float16,
        KvPrecision.BFloat16 => TensorElementType.BFloat16,
        _ => TensorElementType.Float,
    };

    public static string NameOf(WeightPrecision precision) => precision switch
    {
        WeightPrecision.Int8 => "int8",
        WeightPrecision.Int4 => "int4",
        WeightPrecision.Float16 => "float16",
        WeightPrecision.BFloat16 => "bfloat16",
        _ => "float32",
    };

    public static string NameOf(TensorElementType type) => type switch
    {
        TensorElementType.Int8 => "int8",
        TensorElementType.Float16 => "float16",
        TensorElementType.BFloat16 => "bfloat16",
        _ => "float32",
    };

    /// <summary>As the end of a folder's part: 8, 16, b16 or 32.</summary>
    public static string ShortNameOf(TensorElementType type) => type switch
    {
        TensorElementType.Int8 => "8",
        TensorElementType.Float16 => "16",
        TensorElementType.BFloat16 => "b16",
        _ => "32",
    };
}
