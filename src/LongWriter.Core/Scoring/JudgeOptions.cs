using System.Globalization;
using LongWriter.Calling;

namespace LongWriter.Scoring;

/// <summary>Options of every judge. Copied when a judge is made; later changes have no effect.</summary>
public record JudgeOptions
{
    /// <summary>Softmax temperature of the judge. Range [0, 2]; the default is 0.5, the paper's.</summary>
    public float Temperature { get; set; } = 0.5f;

    /// <summary>Token limit of one reply. Range [64, 100000]; the default is 1024, the paper's. A judge that reasons first may need more.</summary>
    public int MaxOutputTokens { get; set; } = 1024;

    /// <summary>How often the judge is told what was wrong with its reply. Range [0, 10]; the default is 2.</summary>
    public int MaxReasks { get; set; } = 2;

    /// <summary>Seed of the first sample, one more for each further one. Null, the default, sends none.</summary>
    public long? Seed { get; set; }

    /// <summary>Retries and time-outs of a single call.</summary>
    public ModelCallOptions Calls { get; set; } = new();

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">At least one option is out of range; the message lists all of them.</exception>
    public void Validate()
    {
        var errors = new List<string>();
        FindErrors(errors);
        if (errors.Count > 0)
        {
            throw new ArgumentException($"{GetType().Name}: {string.Join(" ", errors)}");
        }
    }

    /// <summary>Adds one sentence for each option that is out of range: name, value, allowed.</summary>
    private protected virtual void FindErrors(List<string> errors)
    {
        if (Temperature is not (>= 0 and <= 2))
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{nameof(Temperature)} must be in [0, 2] but is {Temperature}."));
        }

        CheckRange(nameof(MaxOutputTokens), MaxOutputTokens, 64, 100_000, errors);
        CheckRange(nameof(MaxReasks), MaxReasks, 0, 10, errors);
        if (Calls is null)
        {
            errors.Add($"{nameof(Calls)} must not be null.");
        }

        Calls?.Validate(errors);
    }

    private protected static void CheckRange(string name, int value, int least, int most, List<string> errors)
    {
        if (value < least || value > most)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{name} must be in [{least}, {most}] but is {value}."));
        }
    }
}
