namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>An operator of ours: what it takes and gives, and how a node of it comes to a kernel.</summary>
internal abstract class CustomOperator
{
    /// <summary>Name in the graph.</summary>
    public abstract string Name { get; }

    /// <summary>Elements of each input.</summary>
    public abstract IReadOnlyList<TensorElementType> Inputs { get; }

    /// <summary>How many of the inputs a node must have; the others may be left out. The default is all.</summary>
    public virtual int RequiredInputs => Inputs.Count;

    /// <summary>Elements of each output.</summary>
    public abstract IReadOnlyList<TensorElementType> Outputs { get; }

    /// <summary>A kernel for one node, once for a session.</summary>
    /// <exception cref="OnnxRuntimeException">An attribute is missing or out of range.</exception>
    public abstract IOperatorKernel CreateKernel(OperatorAttributes attributes);
}

/// <summary>
/// Computes one node. Runs of one session at once call it from several threads. Methods on the way are compiled with all optimizations at their first call (AggressiveOptimization): a step calls each of
/// them a hundred times, and compiling them again in the background would take a core from it.
/// </summary>
internal interface IOperatorKernel
{
    /// <summary>Reads the inputs and writes the outputs. Allocates nothing on the managed heap, so that a step allocates nothing.</summary>
    /// <exception cref="OnnxRuntimeException">A shape or a value is not what the node takes.</exception>
    void Compute(OperatorCall call);
}
