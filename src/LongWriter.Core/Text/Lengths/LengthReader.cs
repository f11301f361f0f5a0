namespace LongWriter.Text.Lengths;

/// <summary>Reads every stated length of an instruction, in the order stated. Linear in its length.</summary>
internal static class LengthReader
{
    private static readonly string[] Joins = ["", "and", "but", "且", "但", "并且", "而且"];

    public static List<LengthStatement> ReadAll(string instruction)
    {
        var text = new FoldedText(instruction);
        List<NumberToken> numbers = NumberReader.ReadAll(text);
        var quantities = new QuantityReader(text, numbers);
        var roles = new RoleReader(text, numbers);
        var statements = new List<LengthStatement>();
        for (int index = 0; index < numbers.Count; index++)
        {
            if (!quantities.TryRead(index, out Quantity quantity))
            {
                continue;
            }

            StatementRole role = roles.Read(quantity, out int? count);
            statements.Add(Create(text, numbers, quantity, role) with { Count = count });
            index = quantity.Last;
        }

        return statements;
    }

    private static LengthStatement Create(FoldedText text, List<NumberToken> numbers, in Quantity quantity, StatementRole role)
    {
        int start = quantity.LeadIn.Start;
        (LengthKind kind, decimal minimum, decimal maximum) = (quantity.Low, quantity.High, quantity.Bound) switch
        {
            var (low, high, _) when low != high => (LengthKind.Range, low, high),
            var (_, high, bound) when bound == LengthBound.Lower => (LengthKind.AtLeast, high, high),
            var (_, high, bound) when bound == LengthBound.Upper => (LengthKind.AtMost, 0m, high),
            _ => (LengthKind.Equal, quantity.Low, quantity.High),
        };
        if (kind == LengthKind.AtMost && quantity.First > 0 && FindLowerEdge(text, numbers[quantity.First - 1], start) is { } edge && edge.Low < maximum)
        {
            (kind, minimum, start) = (LengthKind.Range, edge.Low, edge.Start);
        }

        return new LengthStatement(start, quantity.LeadOut.End - start, kind, minimum, maximum, quantity.Unit.Unit, role);
    }

    /// <summary>"At least 500 but no more than 800 words": the 500 has no unit of its own.</summary>
    private static NumberToken? FindLowerEdge(FoldedText text, NumberToken previous, int start)
    {
        if (start < previous.End || start - previous.End > 16 || UnitReader.TryRead(text, previous.End, out _))
        {
            return null;
        }

        LeadIn leadIn = LeadIn.Read(text, previous.Start);
        string join = text.Span[previous.End..start].Trim(" ,，、;；(").ToString();
        return leadIn.Bound == LengthBound.Lower && Joins.Contains(join) ? previous with { Start = leadIn.Start } : null;
    }
}
