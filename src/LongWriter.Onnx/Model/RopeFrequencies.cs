namespace LongWriter.Onnx.Model;

/// <summary>
/// Angles of rotary positions: pair i of a head turns by position * <see cref="Frequencies"/>[i]; cos and sin are multiplied by
/// <see cref="AttentionFactor"/>. Computed in double precision.
/// </summary>
internal sealed class RopeFrequencies
{
    private RopeFrequencies(double[] frequencies, double attentionFactor)
    {
        Frequencies = frequencies;
        AttentionFactor = attentionFactor;
    }

    /// <summary>Radians per position, headDim / 2 of them, the fastest first.</summary>
    public IReadOnlyList<double> Frequencies { get; }

    public double AttentionFactor { get; }

    public static RopeFrequencies From(ModelConfig config)
    {
        double[] plain = new double[config.HeadDim / 2];
        for (int i = 0; i < plain.Length; i++)
        {
            plain[i] = Math.Pow(config.RopeTheta, -2.0 * i / config.HeadDim);
        }

        return config.RopeScaling switch
        {
            RopeScaling.Linear linear => new RopeFrequencies([.. plain.Select(frequency => frequency / linear.Factor)], 1),
            RopeScaling.Llama3 llama => new RopeFrequencies([.. plain.Select(frequency => ScaleLlama3(frequency, llama))], 1),
            RopeScaling.Yarn yarn => new RopeFrequencies(ScaleYarn(plain, yarn, config), yarn.AttentionFactor),
            _ => new RopeFrequencies(plain, 1),
        };
    }

    // Source: Llama 3.1's apply_scaling. Between the two wave lengths the frequency is mixed linearly in (original length / wave length).
    private static double ScaleLlama3(double frequency, RopeScaling.Llama3 scaling)
    {
        double turns = scaling.OriginalMaxPositions * frequency / (2 * Math.PI);
        double mix = (turns - scaling.LowFrequencyFactor) / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor);
        mix = Math.Clamp(mix, 0, 1);
        return (1 - mix) * frequency / scaling.Factor + mix * frequency;
    }

    // Source: section 3.2 of the YaRN paper; the borders are the dimensions that turn beta times over the original length.
    private static double[] ScaleYarn(double[] plain, RopeScaling.Yarn scaling, ModelConfig config)
    {
        double low = Dimension(scaling.BetaFast);
        double high = Dimension(scaling.BetaSlow);
        if (scaling.Truncate)
        {
            low = Math.Floor(low);
            high = Math.Ceiling(high);
        }

        low = Math.Max(low, 0);
        high = Math.Min(high, config.HeadDim - 1);
        double width = high == low ? 0.001 : high - low;
        double[] scaled = new double[plain.Length];
        for (int i = 0; i < plain.Length; i++)
        {
            double interpolated = Math.Clamp((i - low) / width, 0, 1);
            scaled[i] = plain[i] / scaling.Factor * interpolated + plain[i] * (1 - interpolated);
        }

        return scaled;

        double Dimension(double turns) =>
            config.HeadDim * Math.Log(scaling.OriginalMaxPositions / (turns * 2 * Math.PI)) / (2 * Math.Log(config.RopeTheta));
    }
}
