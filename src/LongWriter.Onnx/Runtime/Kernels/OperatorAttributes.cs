namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>The attributes of one node.</summary>
internal readonly unsafe ref struct OperatorAttributes(OrtApi api, nint info)
{
    public int RequireInt(string name, int least, int most)
    {
        long value;
        fixed (byte* bytes = Utf8.Write(name))
        {
            api.Check(api.KernelInfoGetInt64(info, bytes, &value), $"Reading the attribute '{name}'");
        }

        return value >= least && value <= most
            ? (int)value
            : throw new OnnxRuntimeException($"Attribute '{name}': expected {least} to {most}, found {value}.", OnnxRuntimeErrorCode.InvalidArgument);
    }

    public float RequireFloat(string name)
    {
        float value;
        fixed (byte* bytes = Utf8.Write(name))
        {
            api.Check(api.KernelInfoGetFloat(info, bytes, &value), $"Reading the attribute '{name}'");
        }

        return float.IsFinite(value) ? value : throw new OnnxRuntimeException($"Attribute '{name}': expected a number, found {value}.", OnnxRuntimeErrorCode.InvalidArgument);
    }
}
