namespace LongWriter.Onnx.Tokenization.Merging;

/// <summary>
/// The printable characters that byte-level vocabularies write bytes with: printable Latin-1 stands for itself, the other 68
/// bytes, in order, are U+0100 and up. Source: bytes_to_unicode of GPT-2.
/// </summary>
internal static class ByteAlphabet
{
    private const int FirstSubstitute = 0x100;

    private static readonly char[] Symbols = BuildSymbols();
    private static readonly short[] Bytes = BuildBytes();

    public static char SymbolOf(byte value) => Symbols[value];

    /// <summary>The byte that <paramref name="symbol"/> stands for, or null.</summary>
    public static byte? ByteOf(char symbol) => symbol < Bytes.Length && Bytes[symbol] >= 0 ? (byte)Bytes[symbol] : null;

    /// <summary>True when every byte has its symbol in <paramref name="vocabulary"/>.</summary>
    public static bool IsWholeIn(Dictionary<string, int> vocabulary) => Array.TrueForAll(Symbols, symbol => vocabulary.ContainsKey(symbol.ToString()));

    private static char[] BuildSymbols()
    {
        var symbols = new char[256];
        int substitutes = 0;
        for (int value = 0; value < symbols.Length; value++)
        {
            bool printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            symbols[value] = (char)(printable ? value : FirstSubstitute + substitutes++);
        }

        return symbols;
    }

    private static short[] BuildBytes()
    {
        var bytes = new short[Symbols.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (int value = 0; value < Symbols.Length; value++)
        {
            bytes[Symbols[value]] = (short)value;
        }

        return bytes;
    }
}
