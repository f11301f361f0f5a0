namespace LongWriter.Text.Lengths;

/// <summary>A number or a range with its unit, and what stands around it.</summary>
/// <param name="First">Index of the first number.</param>
/// <param name="Last">Index of the last number: another one in a range.</param>
/// <param name="Low">Lower edge.</param>
/// <param name="High">Upper edge.</param>
/// <param name="Unit">The unit; for a labelled number without one, what the label says.</param>
/// <param name="LeadIn">What stands before.</param>
/// <param name="LeadOut">What stands behind.</param>
internal readonly record struct Quantity(int First, int Last, decimal Low, decimal High, UnitMark Unit, LeadIn LeadIn, LeadOut LeadOut)
{
    /// <summary>A bound behind the length is nearer to it in meaning than one before it.</summary>
    public LengthBound Bound => LeadOut.Bound ?? (Unit.Bound == LengthBound.None ? LeadIn.Bound : Unit.Bound);
}

/// <summary>Joins numbers to ranges and to units.</summary>
internal sealed class QuantityReader(FoldedText text, List<NumberToken> numbers)
{
    private const int MostJoinCharacters = 24;
    private const int WordsPerPage = 200; // "50-page novel" carries the label 10,000 in LongBench-Write

    /// <summary>Most numbers have no unit; what stands before them is only read where some label may give them one.</summary>
    private readonly bool hasLabels = Array.Exists(LeadInPhrases.LabelNames, name => text.Span.IndexOf(name) >= 0);

    /// <summary>Reads the quantity whose first number is <paramref name="index"/>.</summary>
    public bool TryRead(int index, out Quantity quantity)
    {
        NumberToken first = numbers[index];
        bool isRange = index + 1 < numbers.Count && IsRange(first, numbers[index + 1]);
        return (isRange && TryFinish(index, index + 1, out quantity)) || TryFinish(index, index, out quantity);
    }

    private bool TryFinish(int firstIndex, int lastIndex, out Quantity quantity)
    {
        NumberToken first = numbers[firstIndex];
        NumberToken last = numbers[lastIndex];
        decimal low = first.Low;
        if (firstIndex != lastIndex && first.Scale == 1 && last.Scale > 1 && low * last.Scale <= last.High)
        {
            low *= last.Scale; // 1-2k, 3到5千
        }

        bool hasUnit = UnitReader.TryRead(text, last.End, out UnitMark unit);
        LeadIn leadIn = hasUnit || hasLabels ? LeadIn.Read(text, first.Start) : default;
        if (!hasUnit && !TryReadLabelled(last, leadIn, out unit))
        {
            quantity = default;
            return false;
        }

        decimal factor = unit.IsPages ? WordsPerPage : 1;
        (decimal minimum, decimal maximum) = (Math.Min(low, last.High) * factor, Math.Max(low, last.High) * factor);
        LeadOut leadOut = LeadOut.Read(text, unit.End);
        leadOut = text.HasAt(text.SkipBlanks(leadOut.End), "之间") ? LeadOut.Read(text, text.SkipBlanks(leadOut.End) + 2) : leadOut;
        quantity = new Quantity(firstIndex, lastIndex, minimum, maximum, unit, leadIn, leadOut);
        return decimal.IsInteger(minimum) && decimal.IsInteger(maximum);
    }

    private bool TryReadLabelled(NumberToken number, LeadIn leadIn, out UnitMark unit)
    {
        LengthUnit named = leadIn.Label == LeadInLabel.Characters || (leadIn.Label == LeadInLabel.AnyUnit && text[leadIn.Start] > '\u3000')
            ? LengthUnit.Characters
            : LengthUnit.Words;
        unit = new UnitMark(named, number.End, false, false, false, LengthBound.None);
        if (leadIn.Label == LeadInLabel.None || text[number.End] == '%')
        {
            return false;
        }

        int end = LeadOut.Read(text, number.End).End;
        bool isJoined = char.IsLetter(text[end]) && text[end] is not ('的' or '之');
        bool isFollowed = char.IsLetterOrDigit(text[text.SkipBlanks(end)]) && text[end] is not ('的' or '之');
        return !isJoined && (leadIn.Label != LeadInLabel.AnyUnit || !isFollowed);
    }

    private bool IsRange(NumberToken first, NumberToken second)
    {
        int start = UnitReader.TryRead(text, first.End, out UnitMark unit) && unit.End <= second.Start ? unit.End : first.End;
        if (second.Start - start > MostJoinCharacters)
        {
            return false;
        }

        ReadOnlySpan<char> between = text.Span[start..second.Start].Trim(" ");
        ReadOnlySpan<char> join = between.Trim(" -");
        int before = first.Start;
        ReadOnlySpan<char> previous = text.PreviousWord(ref before);
        if (join.IsEmpty)
        {
            return between.Length > 0 && !Vocabulary.NumberedParts.Contains(previous);
        }

        return join switch
        {
            "to" or "or" or "~" or "~~" or "至" or "到" or "或" => !StartsRevision(first.Start),
            "and" => previous is "between",
            "和" or "与" => text.Span.Slice(second.End, Math.Min(8, text.Length - second.End)).Contains("之间", StringComparison.Ordinal),
            _ => false,
        };
    }

    /// <summary>"Cut it from 2,000 to 800 words" is no range.</summary>
    private bool StartsRevision(int start)
    {
        int index = start;
        if (text.PreviousWord(ref index) is not "from")
        {
            return text[start - 1] == '从' && text.Span[Math.Max(0, start - 12)..start].IndexOfAny(Vocabulary.ChineseRevisions) >= 0;
        }

        for (int count = 0; count < 6; count++)
        {
            if (Vocabulary.RevisingVerbs.Contains(text.PreviousWord(ref index)))
            {
                return true;
            }
        }

        return false;
    }
}
