using System.Runtime.CompilerServices;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>One run of a node: its tensors, and the session's threads.</summary>
internal readonly unsafe ref struct OperatorCall(OrtApi api, nint context)
{
    /// <summary>Dimensions that a tensor of ours has at most.</summary>
    public const int MostDimensions = 8;

    /// <summary>Whether the node has an input that may be left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Has(int index)
    {
        nint value;
        api.Check(api.KernelContextGetInput(context, (nuint)index, &value), "Looking for an input");
        return value != 0;
    }

    /// <param name="index">Which input.</param>
    /// <param name="shape">Receives its dimensions; <see cref="MostDimensions"/> long.</param>
    /// <param name="rank">How many these are.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public T* Input<T>(int index, Span<long> shape, out int rank)
        where T : unmanaged
    {
        nint value;
        api.Check(api.KernelContextGetInput(context, (nuint)index, &value), "Reading an input");
        nint info;
        api.Check(api.GetTensorTypeAndShape(value, &info), "Reading an input's shape");
        try
        {
            nuint count;
            api.Check(api.GetDimensionsCount(info, &count), "Counting an input's dimensions");
            rank = (int)Math.Min(count, (nuint)shape.Length);
            fixed (long* dimensions = shape)
            {
                api.Check(api.GetDimensions(info, dimensions, (nuint)rank), "Reading an input's dimensions");
            }

            if (count > (nuint)shape.Length)
            {
                throw new OnnxRuntimeException($"Input {index}: expected at most {shape.Length} dimensions, found {count}.", OnnxRuntimeErrorCode.InvalidArgument);
            }
        }
        finally
        {
            api.ReleaseTensorTypeAndShape(info);
        }

        void* data;
        api.Check(api.GetTensorData(value, &data), "Reading an input's elements");
        return (T*)data;
    }

    /// <summary>The output's elements, not yet written. Where the caller bound a tensor of that shape, it is that one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public T* Output<T>(int index, ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        nint value;
        fixed (long* dimensions = shape)
        {
            api.Check(api.KernelContextGetOutput(context, (nuint)index, dimensions, (nuint)shape.Length, &value), "Making an output");
        }

        void* data;
        api.Check(api.GetTensorData(value, &data), "Reading an output's elements");
        return (T*)data;
    }

    /// <summary>Calls <paramref name="body"/> with each number below <paramref name="count"/>, on the session's threads, and returns when all are done.</summary>
    /// <param name="body">Must not throw.</param>
    /// <param name="count">How often.</param>
    /// <param name="state">Its first argument.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ParallelFor(delegate* unmanaged<void*, nuint, void> body, int count, void* state)
    {
        if (count == 1)
        {
            body(state, 0);
            return;
        }

        api.Check(api.KernelContextParallelFor(context, body, (nuint)count, 0, state), "Running on the session's threads");
    }
}
