using LongWriter.Onnx.Tokenization.Files;

namespace LongWriter.Onnx.Tokenization.Splitting;

/// <summary>Writes spaces as a visible symbol, puts one in front where the file asks for it, and cuts before each symbol.</summary>
internal sealed class MetaspaceSplitter(Metaspace settings) : PieceSplitter
{
    /// <summary>Writes <paramref name="text"/> with its spaces replaced.</summary>
    /// <param name="text">The text, not empty.</param>
    /// <param name="start">What stands before it.</param>
    /// <param name="destination">At least one longer than the text.</param>
    /// <returns>How many units were written.</returns>
    public int Prepare(ReadOnlySpan<char> text, TextStart start, Span<char> destination)
    {
        bool asksForSpace = settings.Scheme switch
        {
            PrependScheme.Always => start != TextStart.Within,
            PrependScheme.First => start == TextStart.Beginning,
            _ => false,
        };
        bool prepends = asksForSpace && text[0] != ' ' && text[0] != settings.Replacement;
        int prefix = prepends ? 1 : 0;
        destination[0] = settings.Replacement;
        text.Replace(destination[prefix..], ' ', settings.Replacement);
        return prefix + text.Length;
    }

    public override int Next(ReadOnlySpan<char> text, int start, out bool keep)
    {
        keep = true;
        if (!settings.Splits)
        {
            return text.Length;
        }

        // A symbol belongs to the word behind it; before another symbol it stands alone.
        int word = text[start] == settings.Replacement ? start + 1 : start;
        int length = text[word..].IndexOf(settings.Replacement);
        return length < 0 ? text.Length : word + length;
    }
}
