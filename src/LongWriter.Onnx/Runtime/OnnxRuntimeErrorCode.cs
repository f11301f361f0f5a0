namespace LongWriter.Onnx.Runtime;

/// <summary>The kind of a failure. Values above 0 are ONNX Runtime's own (OrtErrorCode); values below 0 are found before it is asked.</summary>
public enum OnnxRuntimeErrorCode
{
    /// <summary>An execution provider, or a file or driver it needs, is not there.</summary>
    ProviderMissing = -3,

    /// <summary>The native library is too old, or another one is already loaded.</summary>
    LibraryUnusable = -2,

    /// <summary>No native library was found.</summary>
    LibraryMissing = -1,

    /// <summary>No failure; never thrown.</summary>
    None = 0,

    /// <summary>A failure without a narrower kind.</summary>
    Fail = 1,

    /// <summary>An argument, often an input's shape or name, was refused.</summary>
    InvalidArgument = 2,

    /// <summary>A file does not exist.</summary>
    NoSuchFile = 3,

    /// <summary>There is no model.</summary>
    NoModel = 4,

    /// <summary>The engine of an execution provider failed.</summary>
    EngineError = 5,

    /// <summary>The native code threw.</summary>
    RuntimeFailure = 6,

    /// <summary>A model file is not readable as protobuf.</summary>
    InvalidProtobuf = 7,

    /// <summary>A model is already loaded.</summary>
    ModelLoaded = 8,

    /// <summary>A kernel for this operator, type or provider does not exist.</summary>
    NotImplemented = 9,

    /// <summary>The graph is not valid.</summary>
    InvalidGraph = 10,

    /// <summary>An execution provider failed.</summary>
    ProviderFailed = 11,

    /// <summary>Loading was cancelled.</summary>
    ModelLoadCanceled = 12,

    /// <summary>The model must be compiled first.</summary>
    ModelRequiresCompilation = 13,

    /// <summary>Something that was named does not exist.</summary>
    NotFound = 14,
}
