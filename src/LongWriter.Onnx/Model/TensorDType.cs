namespace LongWriter.Onnx.Model;

/// <summary>Element types of safetensors files.</summary>
internal enum TensorDType
{
    Bool,
    U8,
    I8,
    F8E4M3,
    F8E5M2,
    U16,
    I16,
    F16,
    BF16,
    U32,
    I32,
    F32,
    U64,
    I64,
    F64,
}

internal static class TensorDTypes
{
    /// <summary>The type by its name in the file, or null when it is not known.</summary>
    public static TensorDType? Parse(string name) => name switch
    {
        "BOOL" => TensorDType.Bool,
        "U8" => TensorDType.U8,
        "I8" => TensorDType.I8,
        "F8_E4M3" => TensorDType.F8E4M3,
        "F8_E5M2" => TensorDType.F8E5M2,
        "U16" => TensorDType.U16,
        "I16" => TensorDType.I16,
        "F16" => TensorDType.F16,
        "BF16" => TensorDType.BF16,
        "U32" => TensorDType.U32,
        "I32" => TensorDType.I32,
        "F32" => TensorDType.F32,
        "U64" => TensorDType.U64,
        "I64" => TensorDType.I64,
        "F64" => TensorDType.F64,
        _ => null,
    };

    public static int SizeBytes(this TensorDType type) => type switch
    {
        <= TensorDType.F8E5M2 => 1,
        <= TensorDType.BF16 => 2,
        <= TensorDType.F32 => 4,
        _ => 8,
    };
}
