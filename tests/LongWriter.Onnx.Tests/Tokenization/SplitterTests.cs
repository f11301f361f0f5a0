using FsCheck;
using FsCheck.Fluent;
using LongWriter.Onnx.Tokenization.Patterns;
using LongWriter.Onnx.Tokenization.Splitting;

namespace LongWriter.Onnx.Tests.Tokenization;

public sealed class SplitterTests
{
    private static readonly string[] Atoms =
    [
        "a", "b", "s", "S", "t", "re", "LL", "Ve", "Z", "ſ", "'", "'", " ", " ", "  ", "\t", "\n", "\r", "\r\n", "\u00A0", "\u3000", "1", "23",
        "²", ".", "/", "!", "-", "中", "한", "ก", "ำ", "\u0301", "\u0903", "ª", "ʰ", "ǅ", "é", "𝒜", "𐐀", "𝟘", "🙂", "\u200D", "\u0000", "\u0085", "\uFFFD",
    ];

    public static TheoryData<string> Patterns => [.. KnownPatterns.All];

    [Theory, MemberData(nameof(Patterns))]
    public void Next_AnyText_CutsWhereThePatternDoes(string pattern)
    {
        PieceSplitter scanner = KnownPatterns.TryCreate(pattern)!;
        var matcher = new PatternSplitter(PatternCompiler.Compile(pattern), "test", dropsMatches: false, dropsGaps: false);
        Gen<string> texts = Gen.Elements(Atoms).ListOf().Select(string.Concat);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1_000).WithReplay(17, 19),
            Prop.ForAll(texts.ToArbitrary(), text => Assert.Equal(Cut(matcher, text), Cut(scanner, text))));
    }

    [Fact]
    public void Next_DroppedMatches_AreMarked()
    {
        var splitter = new PatternSplitter(PatternCompiler.Compile(@"\s+"), "test", dropsMatches: true, dropsGaps: false);
        Assert.Equal(2, splitter.Next("ab cd", 0, out bool keepsWord));
        Assert.Equal(3, splitter.Next("ab cd", 2, out bool keepsSpace));
        Assert.True(keepsWord);
        Assert.False(keepsSpace);
    }

    [Theory]
    [InlineData(@"\bx", @"'\b' at character 3")]
    [InlineData(@"(?<=a)b", "a group other than (…), (?:…), (?i:…), (?=…) and (?!…) at character 2")]
    [InlineData(@"x*", "a pattern that may match nothing")]
    [InlineData(@"(a|b*)+", "a repeated group that may match nothing at character 8")]
    [InlineData(@"a+?", "a lazy or repeated quantifier at character 3")]
    [InlineData(@"[a", "a class without ']' at character 3")]
    [InlineData(@"[[:alpha:]]", "a class within a class at character 2")]
    [InlineData(@"[b-a]", "a range that ends before it begins at character 5")]
    [InlineData(@"\p{Klingon}", "the property 'Klingon' at character 4")]
    [InlineData(@"a)", "')' without '(' at character 2")]
    [InlineData(@"(a", "no ')' at character 3")]
    [InlineData(@"^a", "'^' at character 1")]
    [InlineData(@"a{3,2}", "a quantifier from 3 to 2 at character 7")]
    [InlineData(@"(?:(?:(?:a{9}b){900}){900})", "a pattern of more than 5000 instructions at character 27")]
    [InlineData("a\\", @"a pattern that ends in '\' at character 3")]
    public void Compile_UnsupportedConstruct_IsNamed(string pattern, string message)
        => Assert.Equal(message, Assert.Throws<PatternException>(() => PatternCompiler.Compile(pattern)).Message);

    [Theory]
    [InlineData("(?:a|b)+c", "ababc", 5)]
    [InlineData("(?:a|ab)(?:c|bcd)", "abcd", 4)]
    [InlineData("(?:ab){2,3}", "abababab", 6)]
    [InlineData("(?:ab){2,}x", "abababx", 7)]
    [InlineData("(?:ab)?c", "abc", 3)]
    [InlineData("a{2}", "aaa", 2)]
    [InlineData("a++a", "aaa", -1)]
    [InlineData("a+a", "aaa", 3)]
    [InlineData("(?=ab)a", "ab", 1)]
    [InlineData("a(?!b)", "ab", -1)]
    [InlineData(@"[^\S\n]+", " \t\n", 2)]
    [InlineData(@"\x{1D49C}|\u4E2D", "𝒜", 2)]
    [InlineData(@"\P{L}", "𝒜", -1)]
    [InlineData(@".", "𝒜", 2)]
    public void Match_Construct_EndsWhereItShould(string pattern, string text, int end)
        => Assert.Equal(end, PatternCompiler.Compile(pattern).Match(text, 0, "test"));

    [Fact]
    public void Match_CatastrophicPattern_IsRefusedInsteadOfRunningForever()
    {
        PatternProgram program = PatternCompiler.Compile("(?:a+)+b");
        var problem = Assert.Throws<LongWriter.Onnx.Tokenization.TokenizerFormatException>(() => program.Match(new string('a', 64), 0, "t.json: p"));
        Assert.Equal("t.json: p: expected a pattern that settles each match in 512 steps per character, found one that backtracks more.", problem.Message);
    }

    private static List<string> Cut(PieceSplitter splitter, string text)
    {
        var pieces = new List<string>();
        for (int start = 0; start < text.Length;)
        {
            int end = splitter.Next(text, start, out bool keep);
            Assert.True(keep && end > start);
            pieces.Add(text[start..end]);
            start = end;
        }

        return pieces;
    }
}
