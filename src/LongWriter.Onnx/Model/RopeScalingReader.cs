using static System.FormattableString;

namespace LongWriter.Onnx.Model;

/// <summary>Reads rope_scaling (transformers 4: "type", later "rope_type") or rope_parameters (transformers 5, with rope_theta inside).</summary>
internal static class RopeScalingReader
{
    public static RopeScaling? Read(JsonFields config, int maxPositions)
    {
        if ((config.Object("rope_parameters") ?? config.Object("rope_scaling")) is not { } fields)
        {
            return null;
        }

        string type = fields.Text("rope_type", fields.Text("type", "default"));
        switch (type)
        {
            case "default":
                return null;
            case "linear":
                return new RopeScaling.Linear(Factor(fields));
            case "llama3":
                return ReadLlama3(fields, maxPositions);
            case "yarn":
                return ReadYarn(fields, maxPositions);
            default:
                fields.Add("rope_type", "default, linear, llama3 or yarn", $"'{type}'");
                return null;
        }
    }

    private static RopeScaling.Llama3 ReadLlama3(JsonFields fields, int maxPositions)
    {
        double low = fields.Number("low_freq_factor");
        double high = fields.Number("high_freq_factor");
        if (high <= low)
        {
            fields.Add("high_freq_factor", Invariant($"more than low_freq_factor ({low})"), Invariant($"{high}"));
        }

        return new RopeScaling.Llama3(Factor(fields), low, high, fields.Count("original_max_position_embeddings", maxPositions));
    }

    private static RopeScaling.Yarn ReadYarn(JsonFields fields, int maxPositions)
    {
        double factor = Factor(fields);
        double betaFast = fields.Number("beta_fast", 32);
        double betaSlow = fields.Number("beta_slow", 1);
        if (betaFast <= betaSlow)
        {
            fields.Add("beta_fast", Invariant($"more than beta_slow ({betaSlow})"), Invariant($"{betaFast}"));
        }

        double attention = fields.Has("attention_factor") ? fields.Number("attention_factor")
            : fields.Has("mscale") && fields.Has("mscale_all_dim") ? Attention(factor, fields.Number("mscale")) / Attention(factor, fields.Number("mscale_all_dim"))
            : Attention(factor, 1);
        return new RopeScaling.Yarn(
            factor, betaFast, betaSlow, attention, fields.Count("original_max_position_embeddings", maxPositions), fields.Flag("truncate", true));
    }

    // Source: equation 22 of the YaRN paper (sqrt(1/t) = 0.1 ln(s) + 1), with the weight m that DeepSeek added.
    private static double Attention(double factor, double weight) => factor <= 1 ? 1 : 0.1 * weight * Math.Log(factor) + 1;

    private static double Factor(JsonFields fields)
    {
        double factor = fields.Number("factor");
        if (factor < 1)
        {
            fields.Add("factor", "1 or more", Invariant($"{factor}"));
        }

        return factor;
    }
}
