using LongWriter.ExportQuality;

namespace LongWriter.Onnx.Tests.Export;

/// <summary>What the table of docs/export-quality.md is added up from, on distributions that can be worked out by hand.</summary>
public sealed class ComparisonTests
{
    // Logits are logarithms of probabilities, up to a constant that must not matter.
    private static readonly float[] Reference = [5 + MathF.Log(0.5f), 5 + MathF.Log(0.25f), 5 + MathF.Log(0.25f)];
    private static readonly float[] Form = [MathF.Log(0.25f) - 300, MathF.Log(0.25f) - 300, MathF.Log(0.5f) - 300];

    [Fact]
    public void Add_TwoDistributions_GivesLossesAgreementAndDivergence()
    {
        var comparison = new Comparison(vocabSize: 3);

        comparison.Add(Reference, Form, next: 2);
        comparison.Add(Reference, Reference, next: 0);

        Assert.Equal(2, comparison.Tokens);
        Assert.Equal(1, comparison.SameBest);
        Assert.Equal(Math.Log(2) + Math.Log(2), comparison.LogLoss, 4);
        Assert.Equal(Math.Log(4) + Math.Log(2), comparison.ReferenceLogLoss, 4);

        // 1/2 ln(2) + 1/4 ln(1) + 1/4 ln(1/2) for the first, 0 for the second.
        Assert.Equal(0.25 * Math.Log(2), comparison.Divergence, 4);
    }
}
