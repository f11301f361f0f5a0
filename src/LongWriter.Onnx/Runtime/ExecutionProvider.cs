namespace LongWriter.Onnx.Runtime;

/// <summary>What runs a model: the CPU, or one of the derived records.</summary>
public abstract record ExecutionProvider
{
    private protected ExecutionProvider()
    {
    }

    /// <summary>ONNX Runtime's own CPU kernels; always there.</summary>
    public static ExecutionProvider Cpu { get; } = new CpuProvider();

    /// <summary>The provider's name as ONNX Runtime spells it, without "ExecutionProvider".</summary>
    public abstract string Name { get; }

    internal virtual void CollectErrors(List<string> errors)
    {
    }

    private sealed record CpuProvider : ExecutionProvider
    {
        public override string Name => "CPU";
    }
}
