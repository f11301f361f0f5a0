using System.Globalization;

namespace LongWriter.Onnx.Tests.Hostile;

/// <summary>Which files are mutated.</summary>
public enum MutantKind
{
    /// <summary>A Hugging Face folder, which is exported.</summary>
    Source,

    /// <summary>An exported folder.</summary>
    Export,
}

/// <summary>Mutants <paramref name="From"/> to <paramref name="Count"/>; each depends on the seed and its number alone.</summary>
internal sealed record MutantBatch(MutantKind Kind, int Seed, int From, int Count)
{
    public static MutantBatch Parse(string text)
    {
        string[] parts = text.Split(' ');
        int[] numbers = [.. parts[1..].Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
        return new MutantBatch(Enum.Parse<MutantKind>(parts[0]), numbers[0], numbers[1], numbers[2]);
    }

    public override string ToString() => FormattableString.Invariant($"{Kind} {Seed} {From} {Count}");
}
