namespace LongWriter;

internal sealed class CompatibleWordCounter : WordCounter
{
    public override string Name => "compatible";

    public override int Count(ReadOnlySpan<char> text) => text.Length;
}
