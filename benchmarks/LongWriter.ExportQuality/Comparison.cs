using System.Numerics.Tensors;

namespace LongWriter.ExportQuality;

/// <summary>Adds up how a form predicts a window, beside how the reference does. All arithmetic is in double precision.</summary>
internal sealed class Comparison(int vocabSize)
{
    private readonly double[] reference = new double[vocabSize];
    private readonly double[] form = new double[vocabSize];
    private readonly double[] product = new double[vocabSize];

    public int Tokens { get; private set; }

    /// <summary>Nats of the tokens that came, by the form.</summary>
    public double LogLoss { get; private set; }

    /// <summary>The same by the reference.</summary>
    public double ReferenceLogLoss { get; private set; }

    /// <summary>Times the likeliest token was the same.</summary>
    public int SameBest { get; private set; }

    /// <summary>Nats, KL(reference || form), summed over tokens.</summary>
    public double Divergence { get; private set; }

    /// <param name="referenceLogits">After one token, by the reference.</param>
    /// <param name="formLogits">The same by the form.</param>
    /// <param name="next">The token that came.</param>
    public void Add(ReadOnlySpan<float> referenceLogits, ReadOnlySpan<float> formLogits, int next)
    {
        SameBest += TensorPrimitives.IndexOfMax(referenceLogits) == TensorPrimitives.IndexOfMax(formLogits) ? 1 : 0;
        ToLogProbabilities(referenceLogits, reference);
        ToLogProbabilities(formLogits, form);
        ReferenceLogLoss -= reference[next];
        LogLoss -= form[next];
        Tokens++;

        TensorPrimitives.Subtract<double>(reference, form, form);
        TensorPrimitives.Exp<double>(reference, product);
        Divergence += TensorPrimitives.Dot<double>(product, form);
    }

    private void ToLogProbabilities(ReadOnlySpan<float> logits, Span<double> result)
    {
        TensorPrimitives.ConvertChecked(logits, result);
        TensorPrimitives.Subtract(result, TensorPrimitives.Max<double>(result), result);
        TensorPrimitives.Exp(result, product);
        TensorPrimitives.Subtract(result, Math.Log(TensorPrimitives.Sum<double>(product)), result);
    }
}
