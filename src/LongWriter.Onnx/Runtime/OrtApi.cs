namespace LongWriter.Onnx.Runtime;

/// <summary>
/// The functions of ONNX Runtime's C API that we call, by their place in the OrtApi table. The table is append-only, so a place keeps its meaning
/// in every later version. Pointers to the runtime's objects are nint; a status is null (0) when all went well.
/// Source: struct OrtApi in include/onnxruntime/core/session/onnxruntime_c_api.h, microsoft/onnxruntime 1.30.0.
/// </summary>
internal sealed unsafe class OrtApi(nint* table)
{
    /// <summary>The lowest API version that has everything below: place 216 came with 1.12.</summary>
    public const uint Version = 12;

    /// <summary>The first minor version whose table has what device memory needs: places 380 and 386 came with 1.23. They are read only where the library is at least that.</summary>
    public const int DeviceMinorVersion = 23;

    /// <summary>The first minor version whose table has what operators of ours need: place 274 came with 1.17.</summary>
    public const int OperatorMinorVersion = 17;

    // Status
    public delegate* unmanaged<int, byte*, nint> CreateStatus => (delegate* unmanaged<int, byte*, nint>)table[0];
    public delegate* unmanaged<nint, int> GetErrorCode => (delegate* unmanaged<nint, int>)table[1];
    public delegate* unmanaged<nint, byte*> GetErrorMessage => (delegate* unmanaged<nint, byte*>)table[2];
    public delegate* unmanaged<nint, void> ReleaseStatus => (delegate* unmanaged<nint, void>)table[93];

    // Environment
    public delegate* unmanaged<delegate* unmanaged<nint, int, byte*, byte*, byte*, byte*, void>, nint, int, byte*, nint*, nint> CreateEnvWithCustomLogger =>
        (delegate* unmanaged<delegate* unmanaged<nint, int, byte*, byte*, byte*, byte*, void>, nint, int, byte*, nint*, nint>)table[4];

    // Session options
    public delegate* unmanaged<nint*, nint> CreateSessionOptions => (delegate* unmanaged<nint*, nint>)table[10];
    public delegate* unmanaged<nint, void*, nint> SetOptimizedModelFilePath => (delegate* unmanaged<nint, void*, nint>)table[11];
    public delegate* unmanaged<nint, int, nint> SetSessionLogSeverityLevel => (delegate* unmanaged<nint, int, nint>)table[22];
    public delegate* unmanaged<nint, int, nint> SetSessionGraphOptimizationLevel => (delegate* unmanaged<nint, int, nint>)table[23];
    public delegate* unmanaged<nint, int, nint> SetIntraOpNumThreads => (delegate* unmanaged<nint, int, nint>)table[24];
    public delegate* unmanaged<nint, int, nint> SetInterOpNumThreads => (delegate* unmanaged<nint, int, nint>)table[25];
    public delegate* unmanaged<nint, byte*, byte*, nint> AddSessionConfigEntry => (delegate* unmanaged<nint, byte*, byte*, nint>)table[130];
    public delegate* unmanaged<nint, byte*, nint, nint> AddInitializer => (delegate* unmanaged<nint, byte*, nint, nint>)table[150];
    public delegate* unmanaged<nint, void> ReleaseSessionOptions => (delegate* unmanaged<nint, void>)table[100];

    // Operators of ours
    public delegate* unmanaged<byte*, nint*, nint> CreateOperatorDomain => (delegate* unmanaged<byte*, nint*, nint>)table[26];
    public delegate* unmanaged<nint, void*, nint> AddOperator => (delegate* unmanaged<nint, void*, nint>)table[27];
    public delegate* unmanaged<nint, nint, nint> AddOperatorDomain => (delegate* unmanaged<nint, nint, nint>)table[28];
    public delegate* unmanaged<nint, byte*, float*, nint> KernelInfoGetFloat => (delegate* unmanaged<nint, byte*, float*, nint>)table[85];
    public delegate* unmanaged<nint, byte*, long*, nint> KernelInfoGetInt64 => (delegate* unmanaged<nint, byte*, long*, nint>)table[86];
    public delegate* unmanaged<nint, nuint, nint*, nint> KernelContextGetInput => (delegate* unmanaged<nint, nuint, nint*, nint>)table[90];
    public delegate* unmanaged<nint, nuint, long*, nuint, nint*, nint> KernelContextGetOutput => (delegate* unmanaged<nint, nuint, long*, nuint, nint*, nint>)table[91];
    public delegate* unmanaged<nint, delegate* unmanaged<void*, nuint, void>, nuint, nuint, void*, nint> KernelContextParallelFor =>
        (delegate* unmanaged<nint, delegate* unmanaged<void*, nuint, void>, nuint, nuint, void*, nint>)table[274];

    // Execution providers
    public delegate* unmanaged<byte***, int*, nint> GetAvailableProviders => (delegate* unmanaged<byte***, int*, nint>)table[125];
    public delegate* unmanaged<byte**, int, nint> ReleaseAvailableProviders => (delegate* unmanaged<byte**, int, nint>)table[126];
    public delegate* unmanaged<nint, nint, nint> AppendCuda => (delegate* unmanaged<nint, nint, nint>)table[204];
    public delegate* unmanaged<nint*, nint> CreateCudaOptions => (delegate* unmanaged<nint*, nint>)table[205];
    public delegate* unmanaged<nint, byte**, byte**, nuint, nint> UpdateCudaOptions => (delegate* unmanaged<nint, byte**, byte**, nuint, nint>)table[206];
    public delegate* unmanaged<nint, void> ReleaseCudaOptions => (delegate* unmanaged<nint, void>)table[208];
    public delegate* unmanaged<nint, byte*, void*, nint> RegisterProviderLibrary => (delegate* unmanaged<nint, byte*, void*, nint>)table[301];
    public delegate* unmanaged<nint, byte*, byte**, byte**, nuint, nint> AppendProvider => (delegate* unmanaged<nint, byte*, byte**, byte**, nuint, nint>)table[216];

    // Session. A path is UTF-16 on Windows and UTF-8 elsewhere.
    public delegate* unmanaged<nint, void*, nint, nint*, nint> CreateSession => (delegate* unmanaged<nint, void*, nint, nint*, nint>)table[7];
    public delegate* unmanaged<nint, void*, nuint, nint, nint*, nint> CreateSessionFromArray => (delegate* unmanaged<nint, void*, nuint, nint, nint*, nint>)table[8];
    public delegate* unmanaged<nint*, nint> CreatePrepackedWeights => (delegate* unmanaged<nint*, nint>)table[166];
    public delegate* unmanaged<nint, void> ReleasePrepackedWeights => (delegate* unmanaged<nint, void>)table[167];
    public delegate* unmanaged<nint, void*, nint, nint, nint*, nint> CreateSessionWithPrepackedWeights =>
        (delegate* unmanaged<nint, void*, nint, nint, nint*, nint>)table[168];
    public delegate* unmanaged<nint, nuint*, nint> SessionGetInputCount => (delegate* unmanaged<nint, nuint*, nint>)table[30];
    public delegate* unmanaged<nint, nuint*, nint> SessionGetOutputCount => (delegate* unmanaged<nint, nuint*, nint>)table[31];
    public delegate* unmanaged<nint, nuint, nint*, nint> SessionGetInputTypeInfo => (delegate* unmanaged<nint, nuint, nint*, nint>)table[33];
    public delegate* unmanaged<nint, nuint, nint*, nint> SessionGetOutputTypeInfo => (delegate* unmanaged<nint, nuint, nint*, nint>)table[34];
    public delegate* unmanaged<nint, nuint, nint, byte**, nint> SessionGetInputName => (delegate* unmanaged<nint, nuint, nint, byte**, nint>)table[36];
    public delegate* unmanaged<nint, nuint, nint, byte**, nint> SessionGetOutputName => (delegate* unmanaged<nint, nuint, nint, byte**, nint>)table[37];
    public delegate* unmanaged<nint, nint*, nint> SessionGetModelMetadata => (delegate* unmanaged<nint, nint*, nint>)table[111];
    public delegate* unmanaged<nint, nint, byte*, byte**, nint> ModelMetadataLookup => (delegate* unmanaged<nint, nint, byte*, byte**, nint>)table[116];
    public delegate* unmanaged<nint, void> ReleaseModelMetadata => (delegate* unmanaged<nint, void>)table[118];
    public delegate* unmanaged<nint, void> ReleaseSession => (delegate* unmanaged<nint, void>)table[95];

    // Types and shapes
    public delegate* unmanaged<nint, nint*, nint> CastTypeInfoToTensorInfo => (delegate* unmanaged<nint, nint*, nint>)table[55];
    public delegate* unmanaged<nint, nint*, nint> GetTensorTypeAndShape => (delegate* unmanaged<nint, nint*, nint>)table[65];
    public delegate* unmanaged<nint, void> ReleaseTensorTypeAndShape => (delegate* unmanaged<nint, void>)table[99];
    public delegate* unmanaged<nint, void**, nint> GetTensorData => (delegate* unmanaged<nint, void**, nint>)table[51];
    public delegate* unmanaged<nint, int*, nint> GetTensorElementType => (delegate* unmanaged<nint, int*, nint>)table[60];
    public delegate* unmanaged<nint, nuint*, nint> GetDimensionsCount => (delegate* unmanaged<nint, nuint*, nint>)table[61];
    public delegate* unmanaged<nint, long*, nuint, nint> GetDimensions => (delegate* unmanaged<nint, long*, nuint, nint>)table[62];
    public delegate* unmanaged<nint, byte**, nuint, nint> GetSymbolicDimensions => (delegate* unmanaged<nint, byte**, nuint, nint>)table[63];
    public delegate* unmanaged<nint, void> ReleaseTypeInfo => (delegate* unmanaged<nint, void>)table[98];

    // Memory and values
    public delegate* unmanaged<byte*, int, int, int, nint*, nint> CreateMemoryInfo => (delegate* unmanaged<byte*, int, int, int, nint*, nint>)table[68];
    public delegate* unmanaged<int, int, nint*, nint> CreateCpuMemoryInfo => (delegate* unmanaged<int, int, nint*, nint>)table[69];
    public delegate* unmanaged<nint, void> ReleaseMemoryInfo => (delegate* unmanaged<nint, void>)table[94];
    public delegate* unmanaged<nint, byte**, nint> GetMemoryName => (delegate* unmanaged<nint, byte**, nint>)table[71];
    public delegate* unmanaged<nint, int*, nint> GetMemoryDeviceId => (delegate* unmanaged<nint, int*, nint>)table[72];
    public delegate* unmanaged<nint, nint*, nuint, nint> SessionGetInputMemories => (delegate* unmanaged<nint, nint*, nuint, nint>)table[380];
    public delegate* unmanaged<nint, nuint, void**, nint> AllocatorAlloc => (delegate* unmanaged<nint, nuint, void**, nint>)table[75];
    public delegate* unmanaged<nint*, nint> GetAllocatorWithDefaultOptions => (delegate* unmanaged<nint*, nint>)table[78];
    public delegate* unmanaged<nint, void*, nint> AllocatorFree => (delegate* unmanaged<nint, void*, nint>)table[76];
    public delegate* unmanaged<nint, nint, nint*, nint> CreateAllocator => (delegate* unmanaged<nint, nint, nint*, nint>)table[131];
    public delegate* unmanaged<nint, void> ReleaseAllocator => (delegate* unmanaged<nint, void>)table[132];
    public delegate* unmanaged<nint, long*, nuint, int, nint*, nint> CreateTensor => (delegate* unmanaged<nint, long*, nuint, int, nint*, nint>)table[48];
    public delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint> CreateTensorWithData =>
        (delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint>)table[49];
    public delegate* unmanaged<nint, nint*, nint*, nint, nuint, nint> CopyTensors => (delegate* unmanaged<nint, nint*, nint*, nint, nuint, nint>)table[386];
    public delegate* unmanaged<nint, void> ReleaseValue => (delegate* unmanaged<nint, void>)table[96];

    // Running
    public delegate* unmanaged<nint*, nint> CreateRunOptions => (delegate* unmanaged<nint*, nint>)table[39];
    public delegate* unmanaged<nint, nint> RunOptionsSetTerminate => (delegate* unmanaged<nint, nint>)table[46];
    public delegate* unmanaged<nint, nint> RunOptionsUnsetTerminate => (delegate* unmanaged<nint, nint>)table[47];
    public delegate* unmanaged<nint, byte*, byte*, nint> AddRunConfigEntry => (delegate* unmanaged<nint, byte*, byte*, nint>)table[165];
    public delegate* unmanaged<nint, void> ReleaseRunOptions => (delegate* unmanaged<nint, void>)table[97];
    public delegate* unmanaged<nint, nint, nint, nint> RunWithBinding => (delegate* unmanaged<nint, nint, nint, nint>)table[133];
    public delegate* unmanaged<nint, nint*, nint> CreateIoBinding => (delegate* unmanaged<nint, nint*, nint>)table[134];
    public delegate* unmanaged<nint, void> ReleaseIoBinding => (delegate* unmanaged<nint, void>)table[135];
    public delegate* unmanaged<nint, byte*, nint, nint> BindInput => (delegate* unmanaged<nint, byte*, nint, nint>)table[136];
    public delegate* unmanaged<nint, byte*, nint, nint> BindOutput => (delegate* unmanaged<nint, byte*, nint, nint>)table[137];
    public delegate* unmanaged<nint, nint> SynchronizeBoundInputs => (delegate* unmanaged<nint, nint>)table[202];
    public delegate* unmanaged<nint, nint> SynchronizeBoundOutputs => (delegate* unmanaged<nint, nint>)table[203];

    /// <summary>Throws when <paramref name="status"/> is a failure, and releases it.</summary>
    /// <param name="status">What a function of the table returned.</param>
    /// <param name="action">What was being done; the message begins with it.</param>
    /// <exception cref="OnnxRuntimeException">The status is a failure.</exception>
    public void Check(nint status, string action)
    {
        if (status != 0)
        {
            throw ToException(status, action);
        }
    }

    /// <summary>The exception for a failed <paramref name="status"/>, which is released.</summary>
    public OnnxRuntimeException ToException(nint status, string action)
    {
        var code = (OnnxRuntimeErrorCode)GetErrorCode(status);
        string message = Utf8.Read(GetErrorMessage(status)) ?? "no message";
        ReleaseStatus(status);
        return new OnnxRuntimeException($"{action}: {message}", code);
    }
}
