namespace LongWriter.Cli.Tests;

/// <summary>Printed commands that a shell reads back.</summary>
public sealed class ShellLineTests
{
    [Theory]
    [InlineData("book.md", "book.md", "book.md")]
    [InlineData("my book.md", "'my book.md'", "\"my book.md\"")]
    [InlineData("it's", "'it'\\''s'", "\"it's\"")]
    [InlineData("$HOME", "'$HOME'", "\"$HOME\"")]
    [InlineData("C:\\books\\a.md", "'C:\\books\\a.md'", "C:\\books\\a.md")]
    [InlineData("", "''", "\"\"")]
    [InlineData("航海.md", "'航海.md'", "\"航海.md\"")]
    public void Quote_Argument_IsReadBackByTheShell(string argument, string posix, string windows)
    {
        Assert.Equal(posix, ShellLine.Quote(argument, windows: false));
        Assert.Equal(windows, ShellLine.Quote(argument, windows: true));
    }

    [Fact]
    public void Of_BuildInsideItsProject_IsDotnetRun()
    {
        DirectoryInfo root = Directory.CreateTempSubdirectory("longwriter-cli-");
        try
        {
            string project = Path.Combine(root.FullName, "src", "Tool");
            string output = Path.Combine(project, "bin", "Release", "net10.0");
            Directory.CreateDirectory(output);
            File.WriteAllText(Path.Combine(project, "Tool.csproj"), "");

            Assert.Equal("dotnet run -c Release --project src/Tool --", Invocation.Of("Tool", output + "/", root.FullName).Replace('\\', '/'));
            Assert.Equal("longwriter", Invocation.Of("Other", output + "/", root.FullName));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }
}
