using System.Text;

namespace LongWriter.Onnx.Tokenization.Normalization;

/// <summary>Lower case, character by character, without regard to language or neighbours.</summary>
internal sealed class LowercaseStep : NormalizationStep
{
    /// <summary>İ, the one letter whose lower case has two characters; .NET's invariant culture leaves it as it is.</summary>
    private const char CapitalIWithDot = '\u0130';

    public override ReadOnlySpan<char> Apply(ReadOnlySpan<char> text, scoped ref TextStart start)
    {
        var lower = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value == CapitalIWithDot)
            {
                lower.Append("i\u0307");
            }
            else
            {
                lower.Append(Rune.ToLowerInvariant(rune).ToString());
            }
        }

        return lower.ToString();
    }
}
