using System.Buffers;
using System.Text;

namespace LongWriter.Onnx.Tokenization;

/// <summary>Half a surrogate pair is no text; what UTF-8 makes of it is U+FFFD, for the reference as for us.</summary>
internal static class WellFormedText
{
    /// <summary>The text with lone surrogates replaced; the same span when there are none.</summary>
    public static ReadOnlySpan<char> Of(ReadOnlySpan<char> text)
    {
        int index = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        while (index >= 0 && index < text.Length)
        {
            if (Rune.DecodeFromUtf16(text[index..], out _, out int width) != OperationStatus.Done)
            {
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToArray()));
            }

            index += width;
        }

        return text;
    }
}
