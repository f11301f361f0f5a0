namespace LongWriter.Text.Lengths;

/// <summary>Decides what a stated length is about, from the words near it; each rule looks at a bounded stretch, so reading stays linear.</summary>
internal sealed class RoleReader(FoldedText text, List<NumberToken> numbers)
{
    private readonly QuotedSpans quotes = new(text);
    private readonly SourceReader sources = new(text);
    private readonly PartReader parts = new(text);
    private readonly ItemReader items = new(text, numbers);

    /// <summary>The role, and for <see cref="StatementRole.PerItem"/> how many items there are, null where it is not said.</summary>
    public StatementRole Read(in Quantity quantity, out int? count)
    {
        count = 1;
        int start = numbers[quantity.First].Start;
        if (quotes.Hold(start) || sources.IsSource(quantity, start))
        {
            return StatementRole.Source;
        }

        if (quantity.LeadOut.IsRate || WordListReader.IsWordList(text, quantity, start))
        {
            return StatementRole.Other;
        }

        if (items.IsPerItem(quantity, out count))
        {
            return StatementRole.PerItem;
        }

        if (quantity.LeadIn.IsTotal || quantity.LeadOut.IsTotal)
        {
            return StatementRole.Total;
        }

        if (parts.IsPart(quantity, start))
        {
            return StatementRole.Part;
        }

        if (quantity.LeadIn.Label != LeadInLabel.None)
        {
            return StatementRole.Label;
        }

        return sources.IsMentioned(quantity, start) ? StatementRole.Mentioned : StatementRole.Plain;
    }
}
