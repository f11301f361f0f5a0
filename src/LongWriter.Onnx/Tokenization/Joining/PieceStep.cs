using LongWriter.Onnx.Tokenization.Patterns;

namespace LongWriter.Onnx.Tokenization.Joining;

/// <summary>One step from the text of a token to the text it leaves. Holds no state: safe for concurrent use.</summary>
internal abstract class PieceStep
{
    /// <param name="piece">The text of a token, or of a run of byte tokens.</param>
    /// <param name="isFirst">True when it is the first of all.</param>
    public abstract string Apply(string piece, bool isFirst);
}

/// <summary>Replaces each match by a fixed text.</summary>
internal sealed class ReplacePieceStep(TextMatcher matcher, string content) : PieceStep
{
    public override string Apply(string piece, bool isFirst) => matcher.Replace(piece, content);
}

/// <summary>Takes a text off the beginning of each piece, up to <paramref name="count"/> times.</summary>
internal sealed class StripPieceStep(string text, int count) : PieceStep
{
    public override string Apply(string piece, bool isFirst)
    {
        int start = 0;
        for (int i = 0; i < count && piece.AsSpan(start).StartsWith(text, StringComparison.Ordinal); i++)
        {
            start += text.Length;
        }

        return piece[start..];
    }
}

/// <summary>Turns the visible symbol back into spaces; in the first piece it goes, where one was put in front of the text.</summary>
internal sealed class MetaspaceStep(char symbol, bool dropsFirst) : PieceStep
{
    public bool DropsFirst => dropsFirst;

    public override string Apply(string piece, bool isFirst)
        => isFirst && dropsFirst ? piece.Replace(symbol.ToString(), "", StringComparison.Ordinal) : piece.Replace(symbol, ' ');
}
