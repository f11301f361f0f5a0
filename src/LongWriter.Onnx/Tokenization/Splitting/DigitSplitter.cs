namespace LongWriter.Onnx.Tokenization.Splitting;

/// <summary>Sets numbers apart, each digit by itself or each run as a whole.</summary>
internal sealed class DigitSplitter(bool individually) : PieceSplitter
{
    public override int Next(ReadOnlySpan<char> text, int start, out bool keep)
    {
        keep = true;
        int end = CodePointKinds.SkipWhile(text, start, CodePointKind.Number, individually ? 1 : int.MaxValue);
        return end > start ? end : CodePointKinds.SkipUntil(text, start, CodePointKind.Number);
    }
}
