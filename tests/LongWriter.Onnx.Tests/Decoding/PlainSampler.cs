using LongWriter.Onnx.Decoding;

namespace LongWriter.Onnx.Tests.Decoding;

/// <summary>Sampling as one would write it down: sorted lists and double precision. What the vectorised one is compared with, and measured against.</summary>
internal static class PlainSampler
{
    /// <summary>Tokens that may be drawn, in the order in which they are drawn from, with probabilities that sum to 1.</summary>
    public static List<(int Id, double Probability)> Distribution(float[] logits, SamplingOptions options, int[] prompt, int[] generated)
    {
        double[] adjusted = Adjust(logits, options, prompt, generated);
        if (options.Temperature == 0)
        {
            return [(Array.IndexOf(adjusted, adjusted.Max()), 1)];
        }

        double largest = adjusted.Max();
        List<(int Id, double Probability)> all = [.. adjusted.Select((logit, id) => (id, Math.Exp((logit - largest) / options.Temperature)))];
        List<(int Id, double Probability)> kept = Normalize(all);
        if (options.TopK < logits.Length || options.TopP < 1)
        {
            // LINQ's sort is stable: of equals the smaller id comes first.
            kept = [.. kept.OrderByDescending(entry => entry.Probability)];
        }

        kept = Normalize(kept.Take(options.TopK ?? int.MaxValue));
        if (options.TopP is { } p && p < 1)
        {
            double before = 0;
            kept = Normalize(kept.TakeWhile(entry =>
            {
                bool keep = before < p;
                before += entry.Probability;
                return keep;
            }));
        }

        double mostLikely = kept.Max(entry => entry.Probability);
        return Normalize(kept.Where(entry => entry.Probability >= (options.MinP ?? 0) * mostLikely));
    }

    /// <summary>The token, and how far the random number was from choosing a neighbour.</summary>
    public static (int Id, double Margin) Draw(List<(int Id, double Probability)> distribution, double random)
    {
        double reached = 0;
        foreach ((int id, double probability) in distribution)
        {
            double next = reached + probability;
            if (random < next)
            {
                return (id, Math.Min(random - reached, next - random));
            }

            reached = next;
        }

        return (distribution[^1].Id, 0);
    }

    private static double[] Adjust(float[] logits, SamplingOptions options, int[] prompt, int[] generated)
    {
        double[] adjusted = [.. logits.Select(logit => (double)logit)];
        foreach (int id in prompt.Concat(generated).Distinct())
        {
            adjusted[id] = adjusted[id] > 0 ? adjusted[id] / options.RepetitionPenalty : adjusted[id] * options.RepetitionPenalty;
        }

        foreach (IGrouping<int, int> group in generated.GroupBy(id => id))
        {
            adjusted[group.Key] -= options.PresencePenalty + options.FrequencyPenalty * group.Count();
        }

        foreach ((int id, float bias) in options.LogitBias ?? new Dictionary<int, float>())
        {
            adjusted[id] += bias;
        }

        return adjusted;
    }

    private static List<(int Id, double Probability)> Normalize(IEnumerable<(int Id, double Probability)> entries)
    {
        List<(int Id, double Probability)> list = [.. entries];
        double sum = list.Sum(entry => entry.Probability);
        return [.. list.Select(entry => (entry.Id, entry.Probability / sum))];
    }
}
