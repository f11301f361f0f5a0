using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LongWriter;

/// <summary>
/// Counts many characters at once where plain rules suffice: ASCII prose and unbroken Chinese or Japanese. Each method counts a prefix
/// of its text that ends where no word can go on, and returns its length; 0 sends the caller to the character-by-character way.
/// The plain version and the gain: WordCounterBenchmarks.
/// </summary>
internal static class TextBlock
{
    private const int Size = 64;

    /// <summary>How far to go by characters after a block was refused, so that refusals stay cheap.</summary>
    public const int RetryAfter = 16;

    public static bool Fits(ReadOnlySpan<char> text, int position) =>
        Vector128.IsHardwareAccelerated && text.Length - position >= Size;

    /// <summary>Word segments of ASCII text that hold a letter or digit; the text starts at a word boundary.</summary>
    public static int CountSegments(ReadOnlySpan<char> text, ref int count)
    {
        var block = AsciiBlock.Load(text);
        int length = block.WholeWords();
        ulong within = (1UL << length) - 1;
        ulong letters = block.Letters() & within;
        ulong digits = block.Digits() & within;
        ulong underscores = block.Equal('_') & within;
        ulong inBoth = block.Equal('.') | block.Equal('\'');
        ulong inLetters = inBoth | block.Equal(':');
        ulong inDigits = inBoth | block.Equal(',') | block.Equal(';');
        ulong joined = ((letters << 1) & inLetters & (letters >> 1)) | ((digits << 1) & inDigits & (digits >> 1));
        ulong words = letters | digits | underscores | joined;
        ulong starts = words & ~(words << 1);
        count += BitOperations.PopCount(starts) - WholeRuns(underscores, starts, words);
        return length;
    }

    /// <summary>Runs of ASCII letters that touch no digit and no underscore; the text does not start inside a word.</summary>
    public static int CountLetterRuns(ReadOnlySpan<char> text, ref int count)
    {
        var block = AsciiBlock.Load(text);
        int length = block.WholeWords();
        ulong within = (1UL << length) - 1;
        ulong letters = block.Letters() & within;
        ulong words = letters | ((block.Digits() | block.Equal('_')) & within);
        count += WholeRuns(letters, words & ~(words << 1), words);
        return length;
    }

    /// <summary>Ideographs U+4E00 to U+9FFF, kana if asked, with the punctuation between them.</summary>
    public static int CountCharacters(ReadOnlySpan<char> text, bool kana, ref int count)
    {
        ReadOnlySpan<ushort> units = MemoryMarshal.Cast<char, ushort>(text);
        int taken = 0;
        int found = 0;
        while (taken + 16 <= units.Length)
        {
            Vector128<ushort> low = Vector128.Create(units[taken..]);
            Vector128<ushort> high = Vector128.Create(units[(taken + 8)..]);
            Vector128<ushort> lowCounted = Characters(low, kana);
            Vector128<ushort> highCounted = Characters(high, kana);
            uint counted = Mask(lowCounted, highCounted);
            uint others = ~Mask(lowCounted | Punctuation(low), highCounted | Punctuation(high));
            int length = Math.Min(BitOperations.TrailingZeroCount(others), 16);
            found += BitOperations.PopCount(counted & ((1u << length) - 1));
            taken += length;
            if (length < 16)
            {
                break;
            }
        }

        count += found;
        return taken;
    }

    private static Vector128<ushort> Characters(Vector128<ushort> units, bool kana)
    {
        Vector128<ushort> ideographs = InRange(units, 0x4E00, 0x9FFF);
        return kana
            ? ideographs | InRange(units, 0x3041, 0x3096) | InRange(units, 0x30A1, 0x30FA) | InRange(units, 0x30FC, 0x30FE)
            : ideographs;
    }

    // What neither joins words nor attaches to a character: 、。〃 〈 to 】 ！ to ／ ： to ？ – to ….
    private static Vector128<ushort> Punctuation(Vector128<ushort> units) =>
        InRange(units, 0x3001, 0x3003) | InRange(units, 0x3008, 0x3011)
        | InRange(units, 0xFF01, 0xFF0F) | InRange(units, 0xFF1A, 0xFF1F) | InRange(units, 0x2013, 0x2026);

    private static uint Mask(Vector128<ushort> low, Vector128<ushort> high) => Vector128.Narrow(low, high).ExtractMostSignificantBits();

    // Runs of `part` that begin at a start of a word and end where the word ends: the addition carries through each such run.
    private static int WholeRuns(ulong part, ulong starts, ulong words) =>
        BitOperations.PopCount((part + (starts & part)) & ~part & ~words);

    private static Vector128<ushort> InRange(Vector128<ushort> block, ushort first, ushort last) =>
        Vector128.LessThanOrEqual(block - Vector128.Create(first), Vector128.Create((ushort)(last - first)));

    /// <summary>64 UTF-16 units as bytes; what is not ASCII has the high bit. Masks have a bit per unit.</summary>
    private readonly ref struct AsciiBlock(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> d)
    {
        private readonly Vector128<byte> _a = a;
        private readonly Vector128<byte> _b = b;
        private readonly Vector128<byte> _c = c;
        private readonly Vector128<byte> _d = d;

        public static AsciiBlock Load(ReadOnlySpan<char> text)
        {
            ReadOnlySpan<ushort> units = MemoryMarshal.Cast<char, ushort>(text)[..Size];
            return new AsciiBlock(Narrow(units), Narrow(units[16..]), Narrow(units[32..]), Narrow(units[48..]));
        }

        /// <summary>Length up to and with the last space or control before anything that is not ASCII; at most 63.</summary>
        public int WholeWords()
        {
            ulong ascii = (1UL << Math.Min(BitOperations.TrailingZeroCount(InRange(0x80, 0xFF)), Size - 1)) - 1;
            return Size - BitOperations.LeadingZeroCount(InRange(0, ' ') & ascii);
        }

        public ulong Letters() => InRange('A', 'Z') | InRange('a', 'z');

        public ulong Digits() => InRange('0', '9');

        public ulong Equal(char value) => InRange(value, value);

        private ulong InRange(int first, int last) =>
            InRange(_a, first, last) | (InRange(_b, first, last) << 16) | (InRange(_c, first, last) << 32) | (InRange(_d, first, last) << 48);

        private static ulong InRange(Vector128<byte> bytes, int first, int last) =>
            Vector128.LessThanOrEqual(bytes - Vector128.Create((byte)first), Vector128.Create((byte)(last - first)))
                .ExtractMostSignificantBits();

        private static Vector128<byte> Narrow(ReadOnlySpan<ushort> units)
        {
            Vector128<ushort> most = Vector128.Create((ushort)0xFF);
            return Vector128.Narrow(
                Vector128.Min(Vector128.Create(units), most),
                Vector128.Min(Vector128.Create(units[8..]), most));
        }
    }
}
