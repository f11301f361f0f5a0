using static System.FormattableString;

namespace LongWriter.Onnx.Export;

/// <summary>Names of the initializers that hold the scales of int8 keys and values, where a calibration finds them.</summary>
internal static class KvScaleNames
{
    public static string Key(int layer) => Invariant($"model.layers.{layer}.self_attn.k_scale");

    public static string Value(int layer) => Invariant($"model.layers.{layer}.self_attn.v_scale");
}
