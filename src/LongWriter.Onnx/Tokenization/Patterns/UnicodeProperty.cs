namespace LongWriter.Onnx.Tokenization.Patterns;

/// <summary>General categories by the names that <c>\p{…}</c> knows.</summary>
internal static class UnicodeProperty
{
    // In the order of System.Globalization.UnicodeCategory.
    private static readonly string[] Names =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co",
        "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn",
    ];

    /// <summary>The categories called <paramref name="name"/>, one bit each, or null.</summary>
    public static uint? MaskOf(ReadOnlySpan<char> name)
    {
        uint mask = 0;
        for (int i = 0; i < Names.Length; i++)
        {
            bool named = name.Length == 1 ? Names[i][0] == name[0] : name.SequenceEqual(Names[i]);
            mask |= named ? 1u << i : 0;
        }

        return mask == 0 ? null : mask;
    }
}
