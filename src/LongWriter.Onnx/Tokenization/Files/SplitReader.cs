using LongWriter.Onnx.Tokenization.Splitting;

namespace LongWriter.Onnx.Tokenization.Files;

/// <summary>Reads a pre-tokenizer of type "Split".</summary>
internal static class SplitReader
{
    public static PieceSplitter Read(JsonPlace split)
    {
        bool inverted = split["invert"].Flag(false);
        JsonPlace behavior = split["behavior"];
        return behavior.Text() switch
        {
            "Isolated" => Cut(split["pattern"], dropsMatches: false, dropsGaps: false),
            "Removed" => Cut(split["pattern"], dropsMatches: !inverted, dropsGaps: inverted),
            "MergedWithPrevious" => Join(split["pattern"], PieceJoin.WithPrevious, inverted),
            "MergedWithNext" => Join(split["pattern"], PieceJoin.WithNext, inverted),
            "Contiguous" => Join(split["pattern"], PieceJoin.Contiguous, inverted),
            _ => throw behavior.Error("Isolated, Removed, MergedWithPrevious, MergedWithNext or Contiguous"),
        };
    }

    private static PieceSplitter Cut(JsonPlace pattern, bool dropsMatches, bool dropsGaps)
    {
        if (MatcherReader.ReadLiteral(pattern) is { } literal)
        {
            return new LiteralSplitter(literal, dropsMatches, dropsGaps);
        }

        // The known patterns match at every position, so there is never a gap to drop or to keep.
        if (!dropsMatches && KnownPatterns.TryCreate(pattern["Regex"].Text("a regular expression")) is { } known)
        {
            return known;
        }

        return new PatternSplitter(MatcherReader.Compile(pattern), MatcherReader.PlaceOf(pattern), dropsMatches, dropsGaps);
    }

    private static JoiningSplitter Join(JsonPlace pattern, PieceJoin join, bool inverted)
        => new(MatcherReader.Read(pattern), join, inverted);
}
