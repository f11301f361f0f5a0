using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>
/// An operator as the library sees it: a record of functions, which find the managed operator behind it by the handle that follows them. Never freed, as sessions may use it until the process ends.
/// Source: struct OrtCustomOp in include/onnxruntime/core/session/onnxruntime_c_api.h, microsoft/onnxruntime 1.30.0.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeOperator
{
    /// <summary>The version whose record this is: kernels that report failures came with 16, versions of operators with 17; what later ones added is not looked at.</summary>
    private const uint RecordVersion = 17;

    private const int FirstVersion = 1;
    private const int OptionalInput = 1;

    private uint version;
    private nint createKernel;
    private delegate* unmanaged<NativeOperator*, byte*> getName;
    private delegate* unmanaged<NativeOperator*, byte*> getProvider;
    private delegate* unmanaged<NativeOperator*, nuint, int> getInputType;
    private delegate* unmanaged<NativeOperator*, nuint> getInputCount;
    private delegate* unmanaged<NativeOperator*, nuint, int> getOutputType;
    private delegate* unmanaged<NativeOperator*, nuint> getOutputCount;
    private nint kernelCompute;
    private delegate* unmanaged<nint, void> kernelDestroy;
    private delegate* unmanaged<NativeOperator*, nuint, int> getInputCharacteristic;
    private delegate* unmanaged<NativeOperator*, nuint, int> getOutputCharacteristic;
    private delegate* unmanaged<NativeOperator*, nuint, int> getInputMemoryType;
    private delegate* unmanaged<NativeOperator*, int> getVariadicInputMinArity;
    private delegate* unmanaged<NativeOperator*, int> getVariadicInputHomogeneity;
    private delegate* unmanaged<NativeOperator*, int> getVariadicOutputMinArity;
    private delegate* unmanaged<NativeOperator*, int> getVariadicOutputHomogeneity;
    private delegate* unmanaged<NativeOperator*, nint, nint, nint*, nint> createKernelV2;
    private delegate* unmanaged<nint, nint, nint> kernelComputeV2;
    private nint inferOutputShape;
    private delegate* unmanaged<NativeOperator*, int> getStartVersion;
    private delegate* unmanaged<NativeOperator*, int> getEndVersion;
    private nint getMayInplace;
    private nint releaseMayInplace;
    private nint getAliasMap;
    private nint releaseAliasMap;

    // Ours, behind what the library knows.
    private nint target;
    private byte* name;

    /// <summary>Makes the record.</summary>
    public static NativeOperator* Create(OrtApi api, CustomOperator operation)
    {
        var record = (NativeOperator*)NativeMemory.AllocZeroed((nuint)sizeof(NativeOperator));
        byte[] name = Utf8.Write(operation.Name);
        record->name = (byte*)NativeMemory.Alloc((nuint)name.Length);
        name.CopyTo(new Span<byte>(record->name, name.Length));
        record->target = GCHandle.ToIntPtr(GCHandle.Alloc(new Bound(api, operation)));
        record->version = RecordVersion;
        record->getName = &GetName;
        record->getProvider = &GetProvider;
        record->getInputType = &GetInputType;
        record->getInputCount = &GetInputCount;
        record->getOutputType = &GetOutputType;
        record->getOutputCount = &GetOutputCount;
        record->kernelDestroy = &DestroyKernel;
        record->getInputCharacteristic = &GetInputCharacteristic;
        record->getOutputCharacteristic = &GetIndexedZero;
        record->getInputMemoryType = &GetIndexedZero;
        record->getVariadicInputMinArity = &GetOne;
        record->getVariadicInputHomogeneity = &GetOne;
        record->getVariadicOutputMinArity = &GetOne;
        record->getVariadicOutputHomogeneity = &GetOne;
        record->createKernelV2 = &CreateKernel;
        record->kernelComputeV2 = &Compute;
        record->getStartVersion = &GetOne;
        record->getEndVersion = &GetLastVersion;
        return record;
    }

    private static Bound Of(NativeOperator* record) => (Bound)GCHandle.FromIntPtr(record->target).Target!;

    [UnmanagedCallersOnly]
    private static byte* GetName(NativeOperator* record) => record->name;

    /// <summary>Null is the CPU.</summary>
    [UnmanagedCallersOnly]
    private static byte* GetProvider(NativeOperator* record) => null;

    [UnmanagedCallersOnly]
    private static nuint GetInputCount(NativeOperator* record) => (nuint)Of(record).Operation.Inputs.Count;

    [UnmanagedCallersOnly]
    private static int GetInputType(NativeOperator* record, nuint index) => (int)Of(record).Operation.Inputs[(int)index];

    [UnmanagedCallersOnly]
    private static nuint GetOutputCount(NativeOperator* record) => (nuint)Of(record).Operation.Outputs.Count;

    [UnmanagedCallersOnly]
    private static int GetOutputType(NativeOperator* record, nuint index) => (int)Of(record).Operation.Outputs[(int)index];

    [UnmanagedCallersOnly]
    private static int GetInputCharacteristic(NativeOperator* record, nuint index) => (int)index < Of(record).Operation.RequiredInputs ? 0 : OptionalInput;

    /// <summary>Required, and in the ordinary memory.</summary>
    [UnmanagedCallersOnly]
    private static int GetIndexedZero(NativeOperator* record, nuint index) => 0;

    [UnmanagedCallersOnly]
    private static int GetOne(NativeOperator* record) => FirstVersion;

    [UnmanagedCallersOnly]
    private static int GetLastVersion(NativeOperator* record) => int.MaxValue;

    [UnmanagedCallersOnly]
    private static nint CreateKernel(NativeOperator* record, nint table, nint info, nint* kernel)
    {
        Bound bound = Of(record);
        try
        {
            IOperatorKernel created = bound.Operation.CreateKernel(new OperatorAttributes(bound.Api, info));
            *kernel = GCHandle.ToIntPtr(GCHandle.Alloc(new BoundKernel(bound.Api, bound.Operation.Name, created)));
            return 0;
        }
        catch (Exception e)
        {
            return ToStatus(bound.Api, bound.Operation.Name, e);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [UnmanagedCallersOnly]
    private static nint Compute(nint kernel, nint context)
    {
        var bound = (BoundKernel)GCHandle.FromIntPtr(kernel).Target!;
        try
        {
            bound.Kernel.Compute(new OperatorCall(bound.Api, context));
            return 0;
        }
        catch (Exception e)
        {
            return ToStatus(bound.Api, bound.Name, e);
        }
    }

    [UnmanagedCallersOnly]
    private static void DestroyKernel(nint kernel) => GCHandle.FromIntPtr(kernel).Free();

    /// <summary>Nothing managed may unwind into the library.</summary>
    private static nint ToStatus(OrtApi api, string name, Exception failure)
    {
        var code = (failure as OnnxRuntimeException)?.Code ?? OnnxRuntimeErrorCode.Fail;
        fixed (byte* message = Utf8.Write($"{name}: {failure.Message}"))
        {
            return api.CreateStatus((int)code, message);
        }
    }

    private sealed record Bound(OrtApi Api, CustomOperator Operation);

    private sealed record BoundKernel(OrtApi Api, string Name, IOperatorKernel Kernel);
}
