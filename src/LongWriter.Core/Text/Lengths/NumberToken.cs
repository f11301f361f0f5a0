namespace LongWriter.Text.Lengths;

/// <summary>A number as it stands in an instruction.</summary>
/// <param name="Start">First character.</param>
/// <param name="End">Past the last character.</param>
/// <param name="Low">The number; of an approximate one such as 两三百 its lower edge.</param>
/// <param name="High">The number; of an approximate one its upper edge.</param>
/// <param name="Scale">What its last scale word multiplies by (k, thousand, 千, 万), or 1: "1-2k" lends it to the 1.</param>
internal readonly record struct NumberToken(int Start, int End, decimal Low, decimal High, decimal Scale)
{
    /// <summary>No number grows past this; it is far outside every range, and sums of it stay exact.</summary>
    public const decimal Ceiling = 1_000_000_000_000_000m;

    public static decimal Saturate(decimal value) => Math.Min(value, Ceiling);
}
