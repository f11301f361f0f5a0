namespace LongWriter.Onnx.Tokenization.Splitting;

/// <summary>The English endings 's 't 're 've 'm 'll 'd that the patterns keep whole.</summary>
internal static class Contractions
{
    /// <summary>The end of the ending at <paramref name="index"/>, or <paramref name="index"/> when there is none.</summary>
    public static int Skip(ReadOnlySpan<char> text, int index, bool ignoreCase)
    {
        if (index + 1 >= text.Length || text[index] != '\'')
        {
            return index;
        }

        char first = Fold(text[index + 1], ignoreCase);
        if (first is 's' or 't' or 'm' or 'd')
        {
            return index + 2;
        }

        char second = index + 2 < text.Length ? Fold(text[index + 2], ignoreCase) : '\0';
        return (first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? index + 3 : index;
    }

    /// <summary>Case as the reference folds it: the long s is an s.</summary>
    private static char Fold(char unit, bool ignoreCase) => unit switch
    {
        _ when !ignoreCase => unit,
        >= 'A' and <= 'Z' => (char)(unit | 0x20),
        '\u017F' => 's',
        _ => unit,
    };
}
