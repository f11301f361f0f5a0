using FsCheck;
using FsCheck.Fluent;
using LongWriter.Onnx.Chat;

namespace LongWriter.Onnx.Tests.Chat;

public sealed class StopSequenceMatcherTests
{
    [Fact]
    public void Append_StopStringAcrossPieces_IsNeverEmitted()
    {
        var matcher = new StopSequenceMatcher(["STOP"]);
        Assert.Equal("one ", matcher.Append("one S"));
        Assert.Equal("", matcher.Append("TO"));
        Assert.False(matcher.IsMatched);
        Assert.Equal("", matcher.Append("P two"));
        Assert.True(matcher.IsMatched);
    }

    [Fact]
    public void Append_BeginningThatComesToNothing_IsEmittedLate()
    {
        var matcher = new StopSequenceMatcher(["STOP"]);
        Assert.Equal("", matcher.Append("ST"));
        Assert.Equal("STA", matcher.Append("A"));
        Assert.Equal("", matcher.Append("STO"));
        Assert.Equal("STO", matcher.Flush());
        Assert.Equal("", matcher.Flush());
    }

    [Fact]
    public void Append_SeveralStops_EndsAtTheFirstInTheText()
    {
        var matcher = new StopSequenceMatcher(["world", "lo w"]);
        Assert.Equal("hel", matcher.Append("hello world"));
    }

    [Fact]
    public void Append_StopThatBeginsInItself_IsFound()
    {
        var matcher = new StopSequenceMatcher(["aab"]);
        Assert.Equal("", matcher.Append("a"));
        Assert.Equal("", matcher.Append("a"));
        Assert.Equal("a", matcher.Append("a"));
        Assert.Equal("", matcher.Append("b"));
        Assert.True(matcher.IsMatched);
    }

    [Fact]
    public void Append_AnyPieces_IsTheTextBeforeTheFirstStop()
    {
        Gen<string> letters = Gen.Elements('a', 'b', 'c').ListOf().Select(list => string.Concat(list));
        Gen<(List<string> Pieces, List<string> Stops)> gen =
            from pieces in letters.ListOf()
            from stops in letters.Where(stop => stop.Length > 0).ListOf()
            select (pieces.ToList(), stops.ToList());
        Prop.ForAll(gen.ToArbitrary(), sample =>
        {
            var matcher = new StopSequenceMatcher(sample.Stops);
            string emitted = "";
            foreach (string piece in sample.Pieces.TakeWhile(_ => !matcher.IsMatched))
            {
                emitted += matcher.Append(piece);
            }

            emitted += matcher.IsMatched ? "" : matcher.Flush();
            string text = string.Concat(sample.Pieces);
            int first = sample.Stops.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(text.Length).Min();

            // A stop may be complete while a longer one that begins earlier still could be: the text may then end at either.
            return matcher.IsMatched ? text.StartsWith(emitted, StringComparison.Ordinal) && emitted.Length >= first && sample.Stops.TrueForAll(stop => !emitted.Contains(stop, StringComparison.Ordinal))
                : emitted == text && first == text.Length;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20260, 11));
    }
}
