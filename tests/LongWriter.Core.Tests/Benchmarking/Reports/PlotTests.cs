using LongWriter.Benchmarking.Reports;
using LongWriter.Benchmarking.Reports.Plots;

namespace LongWriter.Core.Tests.Benchmarking.Reports;

public sealed class PlotTests
{
    [Theory]
    [InlineData(50, 25_000, 10, new double[] { 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000 })]
    [InlineData(1, 1_000_000, 10, new double[] { 1, 10, 100, 1000, 10_000, 100_000, 1_000_000 })]
    [InlineData(1, 1_000_000, 4, new double[] { 1, 100, 10_000, 1_000_000 })]
    [InlineData(0.2, 5, 6, new[] { 0.2, 0.5, 1, 2, 5 })]
    public void Logarithmic_Range_TicksAtOneTwoFive(double low, double high, int most, double[] expected) => Assert.Equal(expected, PlotTicks.Logarithmic(low, high, most));

    [Theory]
    [InlineData(0, 100, 5, new double[] { 0, 20, 40, 60, 80, 100 })]
    [InlineData(1.2, 2.4, 6, new[] { 1.2, 1.4, 1.6, 1.8, 2, 2.2, 2.4 })]
    [InlineData(0, 13_000, 6, new double[] { 0, 5000, 10_000 })]
    public void Linear_Range_TicksAtOneTwoFive(double low, double high, int most, double[] expected) => Assert.Equal(expected, PlotTicks.Linear(low, high, most));

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 2, 5)]
    [InlineData(50, 50, 50)]
    [InlineData(51, 50, 100)]
    [InlineData(999, 500, 1000)]
    [InlineData(1000, 1000, 1000)]
    [InlineData(0.3, 0.2, 0.5)]
    public void LogarithmicFloorAndCeiling_Value_AreTheTicksAround(double value, double floor, double ceiling)
    {
        Assert.Equal(floor, PlotTicks.LogarithmicFloor(value));
        Assert.Equal(ceiling, PlotTicks.LogarithmicCeiling(value));
    }

    [Fact]
    public void At_Values_AreLinearOrLogarithmicAndStayInside()
    {
        PlotScale linear = PlotScale.Linear(0, 100, 200, 0);
        Assert.Equal([200, 100, 0, 0, 200], ((double[])[0, 50, 100, 150, -1]).Select(linear.At));
        PlotScale logarithmic = PlotScale.Logarithmic(1, 100, 0, 200);
        Assert.Equal([0, 0, 100, 200], ((double[])[0, 1, 10, 1000]).Select(value => Math.Round(logarithmic.At(value), 9)));
    }

    [Fact]
    public void Of_CurvesOfDifferentLengths_AveragesThoseThatReachTheMedianLength()
    {
        NllPoint[][] curves = [[new(0, 2), new(100, 1)], [new(0, 4), new(50, 3), new(100, 3)], [new(0, 6), new(20, 6)]];
        Assert.Equal([new NllPoint(0, 3), new NllPoint(50, 2.25), new NllPoint(100, 2)], NllMean.Of(curves, 3));
    }

    [Fact]
    public void Of_OnePoint_GivesIt() => Assert.Equal([new NllPoint(5, 2)], NllMean.Of([[new NllPoint(5, 2)]], 60));

    [Fact]
    public void Series_SixtyFour_AllDifferInColourOrShape() =>
        Assert.Equal(64, Enumerable.Range(0, 64).Select(index => new PlotSeries("x", index)).Select(series => (series.Fill, series.Shape)).Distinct().Count());

    [Theory]
    [InlineData("short", 100, "short")]
    [InlineData("a rather long label", 60, "a rathe…")]
    [InlineData("一个很长的标签", 50, "一个很…")]
    public void Fit_Label_IsCutToItsRoom(string text, double width, string expected) => Assert.Equal(expected, PlotText.Fit(text, width));

    [Theory]
    [InlineData("short", 100, "short")]
    [InlineData("a-long-run/agent", 60, "a-l…ent")]
    public void FitMiddle_Label_KeepsBothEnds(string text, double width, string expected) => Assert.Equal(expected, PlotText.FitMiddle(text, width));

    [Theory]
    [InlineData("  one\n\ttwo\u0007 ", "one two")]
    [InlineData("", "")]
    public void Beginning_Prompt_IsOnOneLine(string prompt, string expected) => Assert.Equal(expected, Excerpt.Beginning(prompt));

    [Fact]
    public void Beginning_LongPrompt_IsCutBetweenCharacters()
    {
        Assert.Equal(string.Concat(Enumerable.Repeat("😀", 100)) + "…", Excerpt.Beginning(string.Concat(Enumerable.Repeat("😀", 101))));
        Assert.Equal(new string('a', 100), Excerpt.Beginning(new string('a', 100) + " \n"));
    }

    [Fact]
    public void Ending_LongText_IsItsLastCharactersOnOneLine()
    {
        Assert.Equal("…" + string.Concat(Enumerable.Repeat("😀", 98)) + " b", Excerpt.Ending(string.Concat(Enumerable.Repeat("😀", 200)) + "\n\n b\n"));
        Assert.Equal("one two", Excerpt.Ending(" one\ntwo "));
        Assert.Equal("", Excerpt.Ending(""));
    }

    [Theory]
    [InlineData(null, "–")]
    [InlineData(double.NaN, "–")]
    [InlineData(-0.0001, "0.0")]
    [InlineData(83.25, "83.3")]
    public void Score_Value_IsShort(double? value, string expected) => Assert.Equal(expected, ReportNumbers.Score(value));

    [Theory]
    [InlineData(4.25, "4.3 s")]
    [InlineData(200, "3 min 20 s")]
    [InlineData(7500, "2 h 5 min")]
    public void Duration_Seconds_ReadsAtAGlance(double seconds, string expected) => Assert.Equal(expected, ReportNumbers.Duration(seconds));
}
