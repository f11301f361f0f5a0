using System.Globalization;

namespace LongWriter.Scoring;

/// <summary>
/// The curve of the paper's coherence figure: the mean negative log-likelihood of tokens 1 to t of a text, against t. Where it keeps falling, later
/// text is foreseeable from earlier text.
/// </summary>
/// <remarks>
/// Repetition lowers the curve as well: a text that says the same over and over scores best of all. Read it beside
/// <see cref="TextDiagnosticsResult.RepeatedFourGrams"/>, and compare curves of one model and one window only.
/// </remarks>
public static class CumulativeNll
{
    /// <summary>Measures a text, which may be longer than the model's context.</summary>
    /// <remarks>
    /// A long text is read in windows of at most <paramref name="windowTokens"/> tokens. Each but the first begins with the last
    /// <paramref name="overlapTokens"/> tokens of the text before, which serve as context and are not counted again, so a counted token sees at least
    /// that many before it (but for the beginning of the text) and never more than the window. Where two windows meet, a few tokens may be cut
    /// otherwise than in one piece. The first token of the text has no probability; it counts as read and not in the mean.
    /// </remarks>
    /// <param name="model">What says how likely tokens are, such as <c>client.GetService&lt;ITokenLogProbabilities&gt;()</c>.</param>
    /// <param name="text">The text.</param>
    /// <param name="windowTokens">Tokens of a window, 16 or more. A model with a smaller context gets windows that fit it.</param>
    /// <param name="overlapTokens">Context tokens of each further window, 1 to windowTokens - 1; null selects half the window.</param>
    /// <param name="pointEveryTokens">Distance of the curve's points, 1 or more; the last token always has one.</param>
    /// <param name="cancellationToken">Ends the computation.</param>
    /// <returns>The points, ascending; none for a text of fewer than two tokens.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    /// <exception cref="ContextBudgetException">The model takes not even a few characters at once.</exception>
    public static async Task<IReadOnlyList<NllPoint>> MeasureAsync(
        ITokenLogProbabilities model,
        string text,
        int windowTokens,
        int? overlapTokens = null,
        int pointEveryTokens = 256,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(windowTokens, 16);
        ArgumentOutOfRangeException.ThrowIfLessThan(pointEveryTokens, 1);
        int overlap = overlapTokens ?? windowTokens / 2;
        if (overlap < 1 || overlap >= windowTokens)
        {
            throw new ArgumentOutOfRangeException(
                nameof(overlapTokens), overlap, string.Create(CultureInfo.InvariantCulture, $"overlapTokens must be in [1, {windowTokens - 1}] but is {overlap}."));
        }

        var curve = new NllCurve(pointEveryTokens);
        var windows = new NllWindows(model, text, windowTokens, overlap);
        while (await windows.NextAsync(cancellationToken).ConfigureAwait(false) is { } tokens)
        {
            foreach (TokenLogProbability token in tokens)
            {
                curve.Add(token.LogProbability);
            }
        }

        return curve.Complete();
    }

    /// <summary>Sums and samples.</summary>
    private sealed class NllCurve(int every)
    {
        private readonly List<NllPoint> points = [];
        private double sum;
        private int counted;
        private int read;

        public void Add(double? logProbability)
        {
            read++;
            sum -= logProbability ?? 0;
            counted += logProbability is null ? 0 : 1;
            if (read % every == 0)
            {
                AddPoint();
            }
        }

        public List<NllPoint> Complete()
        {
            if (read % every != 0)
            {
                AddPoint();
            }

            return points;
        }

        private void AddPoint()
        {
            if (counted > 0)
            {
                points.Add(new NllPoint(read, sum / counted));
            }
        }
    }
}
