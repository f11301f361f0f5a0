using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LongWriter.Calling;

namespace LongWriter.Core.Tests.Calling;

public sealed class ReasoningFilterTests
{
    private static readonly string[] Tags = ["<think>", "<thinking>", "<reasoning>", "</think>", "</thinking>", "</reasoning>"];

    [Theory]
    [InlineData("", "")]
    [InlineData("Plain text.", "Plain text.")]
    [InlineData("  Indented.", "  Indented.")]
    [InlineData("<think>plan</think>Text.", "Text.")]
    [InlineData("<thinking>plan</thinking>Text.", "Text.")]
    [InlineData("<reasoning>plan</reasoning>Text.", "Text.")]
    [InlineData("<THINK>plan</Think>Text.", "Text.")]
    [InlineData(" \n<think>plan</think>\n\nText.\n", "Text.\n")]
    [InlineData("<think></think>Text.", "Text.")]
    [InlineData("<think>one</think>\n<think>two</think>\nText.", "Text.")]
    [InlineData("<think>a < b </thinking> </thin</think>Text.", "Text.")]
    [InlineData("<think>plan</think>　　中文段落", "　　中文段落")]
    [InlineData("<think>never closed, and all the text with it", "")]
    [InlineData("<think>cut in the closing tag</thi", "")]
    [InlineData("<thi", "")]
    [InlineData("<this is no tag> text", "<this is no tag> text")]
    [InlineData("<<think>x", "<<think>x")]
    [InlineData("reasoning first</think>\n\nText.", "Text.")]
    [InlineData("</think>Text.", "Text.")]
    [InlineData("reasoning<</think>Text.", "Text.")]
    [InlineData("Text with a <think> in it.", "Text with a <think> in it.")]
    [InlineData("Text.\n<think>\nAn example.\n</think>\nMore.", "Text.\n<think>\nAn example.\n</think>\nMore.")]
    [InlineData("The tag `</think>` ends a block.", "The tag `</think>` ends a block.")]
    [InlineData("The tag “</think>” ends a block.", "The tag “</think>” ends a block.")]
    [InlineData("<think>x</think>The end is marked by </think> here.", "The end is marked by </think> here.")]
    [InlineData("a < b and c > d", "a < b and c > d")]
    [InlineData("Text <thi", "Text <thi")]
    [InlineData("<p>Text</p>", "<p>Text</p>")]
    public void Append_WholeOrCharByChar_KeepsVisibleTextOnly(string reply, string visible)
    {
        Assert.Equal(visible, Show([reply]));
        Assert.Equal(visible, Show(reply.Select(character => character.ToString())));
    }

    [Fact]
    public void Append_TagSplitOverChunks_EmitsNoPartOfIt()
    {
        var filter = new ReasoningFilter();
        Assert.Equal(new FilteredText(0, ""), filter.Append("<th"));
        Assert.Equal(new FilteredText(0, ""), filter.Append("ink>so "));
        Assert.Equal(new FilteredText(0, ""), filter.Append("be it</thi"));
        Assert.Equal(new FilteredText(0, "Text"), filter.Append("nk>\nText"));
        Assert.Equal(new FilteredText(0, ""), filter.Complete());
    }

    [Fact]
    public void Append_StrayClosingTag_RetractsWhatWasDelivered()
    {
        var filter = new ReasoningFilter();
        Assert.Equal(new FilteredText(0, "I should"), filter.Append("I should"));
        Assert.Equal(new FilteredText(0, " begin."), filter.Append(" begin.</th"));
        Assert.Equal(new FilteredText(15, "Once"), filter.Append("ink>Once"));
    }

    [Fact]
    public void Then_RetractionAfterText_CountsOnlyWhatTheReaderHas()
    {
        FilteredText change = new FilteredText(0, "abc").Then(new FilteredText(5, "x"));
        Assert.Equal(new FilteredText(2, "x"), change);
        Assert.Equal(new FilteredText(2, "xy"), change.Then(new FilteredText(0, "y")));
    }

    [Fact]
    public void Append_AnyChunking_GivesWhatTheRulesSay()
    {
        string[] pieces = [.. Tags, "<", "</", "think", "think>", "ing>", "reasoning>", "a", "B c", " ", "\n", "`", "　", "<Think>", "中"];
        Gen<(string Reply, int Seed)> cases =
            from chosen in Gen.Elements(pieces).ListOf()
            from seed in Gen.Choose(0, int.MaxValue)
            select (string.Concat(chosen), seed);
        Prop.ForAll(cases.ToArbitrary(), one =>
        {
            string expected = Expected(one.Reply);
            return Show([one.Reply]) == expected && Show(Cut(one.Reply, new Random(one.Seed))) == expected;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithReplay(20260101, 7));
    }

    /// <summary>The rules again, over the whole text and without state.</summary>
    private static string Expected(string reply)
    {
        char[] white = [' ', '\t', '\r', '\n'];
        bool removed = false;
        string rest = reply;
        while (true)
        {
            string start = rest.TrimStart(white);
            string? tag = Array.Find(Tags, candidate => start.StartsWith(candidate, StringComparison.OrdinalIgnoreCase));
            if (tag is not null)
            {
                removed = true;
                rest = start[tag.Length..];
                if (tag[1] != '/')
                {
                    string close = "</" + tag[1..];
                    int end = rest.IndexOf(close, StringComparison.OrdinalIgnoreCase);
                    rest = end < 0 ? "" : rest[(end + close.Length)..];
                }

                continue;
            }

            if (Array.Exists(Tags, candidate => candidate.StartsWith(start, StringComparison.OrdinalIgnoreCase)))
            {
                return "";
            }

            if (removed)
            {
                return start;
            }

            (int Index, string Tag)[] found =
                [.. Tags.Select(candidate => (rest.IndexOf(candidate, StringComparison.OrdinalIgnoreCase), candidate)).Where(hit => hit.Item1 >= 0).Order()];
            if (found.Length == 0 || found[0].Tag[1] != '/' || "\"'`“‘«「『".Contains(rest[found[0].Index - 1]))
            {
                return rest;
            }

            removed = true;
            rest = rest[(found[0].Index + found[0].Tag.Length)..];
        }
    }

    private static IEnumerable<string> Cut(string text, Random random)
    {
        int start = 0;
        while (start < text.Length)
        {
            int length = Math.Min(random.Next(0, 6), text.Length - start);
            yield return text.Substring(start, length);
            start += length;
        }
    }

    private static string Show(IEnumerable<string> chunks)
    {
        var filter = new ReasoningFilter();
        var shown = new StringBuilder();
        foreach (string chunk in chunks)
        {
            Keep(filter.Append(chunk));
        }

        Keep(filter.Complete());
        return shown.ToString();

        void Keep(FilteredText change)
        {
            shown.Length -= change.RetractedChars;
            shown.Append(change.Text);
        }
    }
}
