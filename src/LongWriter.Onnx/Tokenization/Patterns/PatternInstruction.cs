namespace LongWriter.Onnx.Tokenization.Patterns;

internal enum PatternOperation
{
    /// <summary>The pattern has matched.</summary>
    Accept,

    /// <summary>Between Min and Max code points of Set, as many as possible first.</summary>
    Greedy,

    /// <summary>As Greedy, and never given back.</summary>
    Possessive,

    /// <summary>Goes on at Target; when that fails, at Alternative.</summary>
    Fork,

    /// <summary>Goes on at Target.</summary>
    Jump,

    /// <summary>The instructions up to Target must match here, and consume nothing.</summary>
    LookAhead,

    /// <summary>The instructions up to Target must not match here.</summary>
    LookAheadNot,
}

/// <summary>One instruction of a compiled pattern.</summary>
internal readonly record struct PatternInstruction(
    PatternOperation Operation, CodePointSet? Set = null, int Min = 1, int Max = 1, int Target = 0, int Alternative = 0);
