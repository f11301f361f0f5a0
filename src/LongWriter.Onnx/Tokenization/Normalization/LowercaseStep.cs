using System.Text;

namespace LongWriter.Onnx.Tokenization.Normalization;

/// <summary>Lower case, character by character, without regard to language or neighbours.</summary>
internal sealed class LowercaseStep : NormalizationStep
{
    public override ReadOnlySpan<char> Apply(ReadOnlySpan<char> text, scoped ref TextStart start)
    {
        var lower = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            lower.Append(rune.Value == 0x130 ? "i\u0307" : ToLower(rune).ToString());
        }

        return lower.ToString();
    }

    // İ above is the one letter whose lower case has two characters. The letters here came with Unicode 17, which the reference
    // knows and .NET 10 does not.
    private static Rune ToLower(Rune rune) => rune.Value switch
    {
        0xA7CE or 0xA7D2 or 0xA7D4 => new Rune(rune.Value + 1),
        >= 0x16EA0 and <= 0x16EB8 => new Rune(rune.Value + 0x1B),
        _ => Rune.ToLowerInvariant(rune),
    };
}
