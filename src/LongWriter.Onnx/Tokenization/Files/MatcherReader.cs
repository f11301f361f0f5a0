using LongWriter.Onnx.Tokenization.Patterns;

namespace LongWriter.Onnx.Tokenization.Files;

/// <summary>Reads a "pattern": a fixed text or a regular expression.</summary>
internal static class MatcherReader
{
    public static TextMatcher Read(JsonPlace pattern)
        => ReadLiteral(pattern) is { } literal ? new LiteralMatcher(literal) : new PatternMatcher(Compile(pattern), PlaceOf(pattern));

    /// <summary>The fixed text, or null where the pattern is a regular expression.</summary>
    public static string? ReadLiteral(JsonPlace pattern)
    {
        JsonPlace literal = pattern["String"];
        if (literal.IsNull)
        {
            return null;
        }

        return literal.Text() is { Length: > 0 } text ? text : throw literal.Error("a text of one character or more");
    }

    public static PatternProgram Compile(JsonPlace pattern)
    {
        JsonPlace regex = pattern["Regex"];
        try
        {
            return PatternCompiler.Compile(regex.Text("a regular expression"));
        }
        catch (PatternException problem)
        {
            throw regex.Error("a pattern of this dialect", problem.Message);
        }
    }

    /// <summary>What a pattern that backtracks too much is called.</summary>
    public static string PlaceOf(JsonPlace pattern) => $"{pattern.File}: {pattern["Regex"].Place}";
}
