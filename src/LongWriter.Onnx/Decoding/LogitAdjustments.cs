namespace LongWriter.Onnx.Decoding;

/// <summary>Penalties and bias, added to the logits in place. Costs the tokens they concern, not the vocabulary.</summary>
internal static class LogitAdjustments
{
    public static void Apply(Span<float> logits, SamplerState state)
    {
        SamplingOptions options = state.Options;
        if (state.Counts is { } counts)
        {
            foreach (int id in counts.Seen)
            {
                float logit = logits[id];

                // The sign rule: a penalty above 1 must make a token less likely whichever side of 0 its logit is on.
                logit = logit > 0 ? logit / options.RepetitionPenalty : logit * options.RepetitionPenalty;
                int generated = counts.Generated(id);
                if (generated > 0)
                {
                    logit -= options.PresencePenalty + options.FrequencyPenalty * generated;
                }

                logits[id] = logit;
            }
        }

        for (int i = 0; i < state.BiasIds.Length; i++)
        {
            logits[state.BiasIds[i]] += state.Biases[i];
        }
    }
}
