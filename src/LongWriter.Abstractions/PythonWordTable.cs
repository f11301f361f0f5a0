namespace LongWriter;

/// <summary>Whether Python 3.11's regular expressions hold a code point for a part of a word (<c>\w</c>).</summary>
internal static partial class PythonWordTable
{
    public static bool Contains(int codePoint)
    {
        int place = codePoint >> 3;
        int block = place >> BlockShift;
        return block < Index.Length
            && ((Blocks[(Index[block] << BlockShift) | (place & ((1 << BlockShift) - 1))] >> (codePoint & 7)) & 1) != 0;
    }

    /// <summary>The same for the code point at <paramref name="index"/>; an unpaired surrogate is in no word.</summary>
    public static bool ContainsAt(ReadOnlySpan<char> text, int index, out int units)
    {
        char unit = text[index];
        units = 1;
        if (char.IsHighSurrogate(unit) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
        {
            units = 2;
            return Contains(char.ConvertToUtf32(unit, text[index + 1]));
        }

        return Contains(unit);
    }
}
