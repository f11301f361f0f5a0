namespace LongWriter;

internal sealed class UnicodeWordCounter : WordCounter
{
    public override string Name => "unicode";

    public override int Count(ReadOnlySpan<char> text) => text.Length;
}
