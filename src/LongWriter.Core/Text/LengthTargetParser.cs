using LongWriter.Text.Lengths;

namespace LongWriter.Text;

/// <summary>
/// Reads from an instruction, in English or Chinese, how long the document is to be. Safe for concurrent use; linear in the instruction's length.
/// </summary>
/// <remarks>
/// <para>Words and 字 are read, and pages in English, 200 words each. Letters, bytes and lines are no lengths here: "1000 characters" reads as none,
/// "1000 Chinese characters" as 字.</para>
/// <para>Of several lengths the whole goes before the part: a total, else what a label such as "Word count:" or 字数 says, else the largest that is
/// plainly asked for, else the sum over parts and items. Lengths in quotations and of texts that are already there do not count.</para>
/// </remarks>
public static class LengthTargetParser
{
    /// <summary>Reads the length that <paramref name="instruction"/> asks for.</summary>
    /// <param name="instruction">The instruction, in the user's words.</param>
    /// <param name="counter">The counter that the target carries; null selects <see cref="WordCounter.Unicode"/>.</param>
    /// <returns>The target; null where the instruction asks for no length, or only for one per item without saying how many items.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The instruction asks for a length outside 1 to <see cref="LengthTarget.MaxValue"/>; the message says which.
    /// </exception>
    public static LengthTarget? Parse(string instruction, WordCounter? counter = null)
    {
        if (ParseAll(instruction).Whole is not { } whole)
        {
            return null;
        }

        if (!whole.IsInRange)
        {
            throw new ArgumentOutOfRangeException(nameof(instruction), OutOfRange(whole));
        }

        (int minimum, int maximum) = ((int)whole.Minimum, (int)whole.Maximum);
        return whole.Kind switch
        {
            LengthKind.AtLeast => LengthTarget.AtLeast(minimum, whole.Unit, counter),
            LengthKind.AtMost => LengthTarget.AtMost(maximum, whole.Unit, counter),
            LengthKind.Range => LengthTarget.Between(minimum, maximum, whole.Unit, counter),
            _ => LengthTarget.Equal(maximum, whole.Unit, counter),
        };
    }

    /// <summary>Reads everything that <paramref name="instruction"/> says about length: the whole, the parts, and where each is said.</summary>
    /// <param name="instruction">The instruction, in the user's words.</param>
    /// <returns>The reading; lengths out of range are in it, with <see cref="LengthStatement.IsInRange"/> false.</returns>
    internal static LengthReading ParseAll(string instruction)
    {
        ArgumentNullException.ThrowIfNull(instruction);
        return LengthChooser.Choose(instruction, LengthReader.ReadAll(instruction));
    }

    private static string OutOfRange(LengthStatement whole)
    {
        string unit = whole.Unit == LengthUnit.Characters ? "字" : "words";
        decimal stated = whole.Kind == LengthKind.Range && whole.Minimum < 1 ? whole.Minimum : whole.Value;
        string size = stated >= NumberToken.Ceiling ? FormattableString.Invariant($"{NumberToken.Ceiling:0} or more") : FormattableString.Invariant($"{stated:0}");
        return FormattableString.Invariant($"The instruction asks for {size} {unit}; the length must be 1 to {LengthTarget.MaxValue}.");
    }
}
