using System.Globalization;

namespace LongWriter.Onnx.Tokenization.Joining;

/// <summary>The form in which SentencePiece vocabularies write bytes: <c>&lt;0x0A&gt;</c>.</summary>
internal static class ByteToken
{
    /// <summary>The byte that a token stands for, or null.</summary>
    public static byte? ValueOf(string token)
    {
        if (token.Length != 6 || !token.StartsWith("<0x", StringComparison.Ordinal) || token[5] != '>')
        {
            return null;
        }

        // The reference's number parser takes a sign, so it takes <0x+5> for a byte.
        ReadOnlySpan<char> digits = token.AsSpan(token[3] == '+' ? 4 : 3, token[3] == '+' ? 1 : 2);
        return byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value) ? value : null;
    }
}
