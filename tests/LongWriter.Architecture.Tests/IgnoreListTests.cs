namespace LongWriter.Architecture;

public sealed class IgnoreListTests
{
    private static readonly IgnoreList List = IgnoreList.Parse("# built\nbin/\n*.binlog\n\n/voyage.md\n/voyage.md.journal/\nnative/lib/\n");

    [Theory]
    [InlineData("bin/", true)]
    [InlineData("src/A/bin/", true)]
    [InlineData("src/bin", false)]
    [InlineData("a/b.binlog", true)]
    [InlineData("voyage.md", true)]
    [InlineData("docs/voyage.md", false)]
    [InlineData("voyage.md.journal/", true)]
    [InlineData("native/lib/", true)]
    [InlineData("src/native/lib/", false)]
    [InlineData("src/cabin/", false)]
    public void Contains_Path_IsAsGitHasIt(string path, bool ignored) => Assert.Equal(ignored, List.Contains(path));

    [Fact]
    public void Parse_Exception_IsRefused()
    {
        FormatException refused = Assert.Throws<FormatException>(() => IgnoreList.Parse("*.log\n!keep.log"));

        Assert.Equal(".gitignore: \"!keep.log\": exceptions are not understood by the architecture tests.", refused.Message);
    }
}
