namespace LongWriter.Onnx.Model;

/// <summary>
/// How rotary positions are stretched beyond the length a model was trained at: one of the derived records, or null for none.
/// Source of names and meaning: rope_scaling in config.json of Hugging Face transformers (modeling_rope_utils).
/// </summary>
internal abstract record RopeScaling
{
    private RopeScaling()
    {
    }

    /// <summary>All positions divided by <paramref name="Factor"/>.</summary>
    public sealed record Linear(double Factor) : RopeScaling;

    /// <summary>Llama 3.1: low frequencies divided by <paramref name="Factor"/>, high ones kept, a smooth step between.</summary>
    public sealed record Llama3(double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalMaxPositions) : RopeScaling;

    /// <summary>
    /// YaRN (Peng et al., 2023): a ramp over the dimensions between interpolation and none, and scaled attention.
    /// <paramref name="AttentionFactor"/> multiplies cos and sin.
    /// </summary>
    public sealed record Yarn(double Factor, double BetaFast, double BetaSlow, double AttentionFactor, int OriginalMaxPositions, bool Truncate) : RopeScaling;
}
