namespace LongWriter.Core.Tests.Benchmarking.Reports;

/// <summary>The paper's length score, written out for these tests alone.</summary>
internal sealed class PaperLengthScorer : ILengthScorer
{
    public string Name => "S_l";

    public string Source => "LongBench-Write.";

    public LengthScore Score(LengthTarget target, int producedWords) => new(Of(target.Value, producedWords), target.Value, producedWords, Name);

    public static double Of(double required, double produced)
    {
        if (produced == 0)
        {
            return 0;
        }

        double missed = produced > required ? (produced / required - 1) / 3 : (required / produced - 1) / 2;
        return missed >= 1 ? 0 : 100 - 100 * missed;
    }
}
