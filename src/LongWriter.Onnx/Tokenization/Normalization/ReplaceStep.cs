using System.Text;
using LongWriter.Onnx.Tokenization.Patterns;

namespace LongWriter.Onnx.Tokenization.Normalization;

/// <summary>Replaces each match by a fixed text.</summary>
internal sealed class ReplaceStep(TextMatcher matcher, string content) : NormalizationStep
{
    public override ReadOnlySpan<char> Apply(ReadOnlySpan<char> text, scoped ref TextStart start)
    {
        if (!matcher.TryFind(text, 0, out int matchStart, out int matchEnd))
        {
            return text;
        }

        if (matchStart == 0 && (content.Length == 0 || !IsOneCodePoint(text[..matchEnd])))
        {
            LoseBeginning(ref start);
        }

        return matcher.Replace(text, content);
    }

    private static bool IsOneCodePoint(ReadOnlySpan<char> match)
        => Rune.DecodeFromUtf16(match, out _, out int width) == System.Buffers.OperationStatus.Done && width == match.Length;
}
