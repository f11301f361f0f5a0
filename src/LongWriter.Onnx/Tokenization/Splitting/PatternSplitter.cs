using LongWriter.Onnx.Tokenization.Patterns;

namespace LongWriter.Onnx.Tokenization.Splitting;

/// <summary>Cuts by a regular expression that no hand-written scanner knows.</summary>
internal sealed class PatternSplitter(PatternProgram program, string place, bool dropsMatches, bool dropsGaps) : PieceSplitter
{
    public override int Next(ReadOnlySpan<char> text, int start, out bool keep)
    {
        int index = start;
        while (index < text.Length)
        {
            int end = program.Match(text, index, place);
            if (end > index)
            {
                keep = index == start ? !dropsMatches : !dropsGaps;
                return index == start ? end : index;
            }

            index += char.IsHighSurrogate(text[index]) ? 2 : 1;
        }

        keep = !dropsGaps;
        return text.Length;
    }
}
