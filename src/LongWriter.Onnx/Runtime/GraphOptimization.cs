namespace LongWriter.Onnx.Runtime;

/// <summary>How much ONNX Runtime rewrites a graph while loading it. The values are its own.</summary>
public enum GraphOptimization
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>What keeps the meaning on every provider.</summary>
    Basic = 1,

    /// <summary>Fusions for the chosen provider as well.</summary>
    Extended = 2,

    /// <summary>Layouts as well.</summary>
    All = 99,
}
