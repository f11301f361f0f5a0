namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>Attention in double, one head of one token, over the keys and values that a session keeps.</summary>
internal static class PlainAttention
{
    /// <param name="session">Behind a step.</param>
    /// <param name="packed">The token's query, key and value.</param>
    /// <param name="row">Its row.</param>
    /// <param name="position">Its place in the row.</param>
    /// <param name="head">Which query.</param>
    public static double[] Attend(AttentionSession session, ReadOnlySpan<float> packed, int row, int position, int head)
    {
        AttentionShape shape = session.Shape;
        double[] query = Turn(session, packed.Slice(head * shape.Dim, shape.Dim), position);
        int start = row * shape.RowBytes + head / shape.Group * shape.Capacity * shape.Dim;
        ReadOnlySpan<sbyte> keys = session.Keys.AsSpan<sbyte>()[start..];
        ReadOnlySpan<sbyte> values = session.Values.AsSpan<sbyte>()[start..];
        double[] scores = new double[position + 1];
        for (int key = 0; key < scores.Length; key++)
        {
            for (int i = 0; i < shape.Dim; i++)
            {
                scores[key] += query[i] * keys[key * shape.Dim + i] * AttentionShape.KeyStep * shape.Scale;
            }
        }

        double largest = scores.Max();
        double[] weights = [.. scores.Select(score => Math.Exp(score - largest))];
        double sum = weights.Sum();
        double[] attended = new double[shape.Dim];
        for (int key = 0; key < weights.Length; key++)
        {
            for (int i = 0; i < shape.Dim; i++)
            {
                attended[i] += weights[key] / sum * values[key * shape.Dim + i] * AttentionShape.ValueStep;
            }
        }

        return attended;
    }

    /// <summary>A head turned by its position.</summary>
    public static double[] Turn(AttentionSession session, ReadOnlySpan<float> head, int position)
    {
        int pairs = head.Length / 2;
        ReadOnlySpan<float> cosines = session.Cosines.AsSpan<float>().Slice(position * pairs, pairs);
        ReadOnlySpan<float> sines = session.Sines.AsSpan<float>().Slice(position * pairs, pairs);
        double[] turned = new double[head.Length];
        for (int i = 0; i < pairs; i++)
        {
            turned[i] = (double)head[i] * cosines[i] - (double)head[pairs + i] * sines[i];
            turned[pairs + i] = (double)head[pairs + i] * cosines[i] + (double)head[i] * sines[i];
        }

        return turned;
    }
}
