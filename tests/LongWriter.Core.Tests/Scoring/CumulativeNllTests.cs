using LongWriter.Scoring;

namespace LongWriter.Tests.Scoring;

public sealed class CumulativeNllTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MeasureAsync_ShortText_IsTheRunningMean()
    {
        var model = new WordModel(contextTokens: 1_000);

        IReadOnlyList<NllPoint> points = await CumulativeNll.MeasureAsync(model, "a bb ccc dddd", 64, pointEveryTokens: 2, cancellationToken: Token);

        // A token costs as many nats as it has characters, its blank included; the first has no probability.
        Assert.Equal([new NllPoint(2, 3), new NllPoint(4, 4)], points);
        Assert.Single(model.Windows);
    }

    [Fact]
    public async Task MeasureAsync_LongText_CountsEveryTokenOnceWithTheOverlapBeforeIt()
    {
        var model = new WordModel(contextTokens: 1_000);
        string text = string.Concat(Enumerable.Range(1_000, 500).Select(i => $" {i}"));

        IReadOnlyList<NllPoint> points = await CumulativeNll.MeasureAsync(model, text, 64, overlapTokens: 16, pointEveryTokens: 100, cancellationToken: Token);

        Assert.Equal([100, 200, 300, 400, 500], points.Select(point => point.Tokens));
        Assert.All(points, point => Assert.Equal(5, point.MeanNll, 1e-9));
        Assert.All(model.Windows, window => Assert.InRange(WordModel.Split(window).Count, 1, 64));
        Assert.True(model.Windows.Count > 500 / 48, $"{model.Windows.Count} windows.");
        for (int i = 2; i < model.Windows.Count; i++)
        {
            // Each window begins with the last 16 tokens of the one before.
            Assert.StartsWith(string.Concat(WordModel.Split(model.Windows[i - 1]).TakeLast(16)), model.Windows[i], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task MeasureAsync_ModelWithASmallerContext_GetsWindowsThatFit()
    {
        var model = new WordModel(contextTokens: 20);
        string text = string.Concat(Enumerable.Range(1_000, 200).Select(i => $" {i}"));

        IReadOnlyList<NllPoint> points = await CumulativeNll.MeasureAsync(model, text, 512, pointEveryTokens: 1_000, cancellationToken: Token);

        Assert.Equal([new NllPoint(200, 5)], points);
    }

    [Fact]
    public async Task MeasureAsync_CharactersOfSeveralTokens_AreAllCounted()
    {
        IReadOnlyList<NllPoint> points = await CumulativeNll.MeasureAsync(new ByteModel(), new string('山', 100), 32, overlapTokens: 9, pointEveryTokens: 1_000, cancellationToken: Token);

        Assert.Equal([new NllPoint(300, 1)], points);
    }

    [Theory]
    [InlineData("")]
    [InlineData("word")]
    public async Task MeasureAsync_FewerThanTwoTokens_HasNoPoint(string text) =>
        Assert.Empty(await CumulativeNll.MeasureAsync(new WordModel(100), text, 64, cancellationToken: Token));

    [Fact]
    public async Task MeasureAsync_ContextTooSmallForAnything_Throws()
    {
        ContextBudgetException error = await Assert.ThrowsAsync<ContextBudgetException>(
            () => CumulativeNll.MeasureAsync(new WordModel(contextTokens: 0), "some words here", 64, cancellationToken: Token));

        Assert.Equal(0, error.AvailableTokens);
    }

    [Fact]
    public async Task MeasureAsync_NumbersOutOfRange_AreRefused()
    {
        ArgumentOutOfRangeException error = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => CumulativeNll.MeasureAsync(new WordModel(100), "a b", 64, overlapTokens: 64, cancellationToken: Token));

        Assert.StartsWith("overlapTokens must be in [1, 63] but is 64.", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => CumulativeNll.MeasureAsync(new WordModel(100), "a b", 4, cancellationToken: Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => CumulativeNll.MeasureAsync(new WordModel(100), "a b", 64, pointEveryTokens: 0, cancellationToken: Token));
    }

    [Fact]
    public async Task MeasureAsync_Cancelled_Throws() => await Assert.ThrowsAnyAsync<OperationCanceledException>(
        () => CumulativeNll.MeasureAsync(new WordModel(100), "a b", 64, cancellationToken: new CancellationToken(canceled: true)));

    /// <summary>A token is a word with the blank before it, and costs a nat for each character.</summary>
    private sealed class WordModel(int contextTokens) : ITokenLogProbabilities
    {
        public List<string> Windows { get; } = [];

        public static List<string> Split(string text)
        {
            List<string> tokens = [];
            int start = 0;
            for (int i = 1; i <= text.Length; i++)
            {
                if (i == text.Length || text[i] == ' ')
                {
                    tokens.Add(text[start..i]);
                    start = i;
                }
            }

            return tokens;
        }

        public Task<IReadOnlyList<TokenLogProbability>> GetLogProbabilitiesAsync(string text, CancellationToken cancellationToken = default)
        {
            List<string> tokens = Split(text);
            if (tokens.Count > contextTokens)
            {
                throw new ContextBudgetException("Too long.", tokens.Count, contextTokens);
            }

            Windows.Add(text);
            return Task.FromResult<IReadOnlyList<TokenLogProbability>>(
                [.. tokens.Select((token, index) => new TokenLogProbability(token, index, index == 0 ? null : -token.Length))]);
        }
    }

    /// <summary>Three tokens a character; the last one carries its text. Each costs one nat.</summary>
    private sealed class ByteModel : ITokenLogProbabilities
    {
        public Task<IReadOnlyList<TokenLogProbability>> GetLogProbabilitiesAsync(string text, CancellationToken cancellationToken = default) =>
            Task.FromResult<IReadOnlyList<TokenLogProbability>>(
                [.. Enumerable.Range(0, 3 * text.Length).Select(i => new TokenLogProbability(i % 3 == 2 ? text[i / 3].ToString() : "", i, i == 0 ? null : -1))]);
    }
}
