namespace LongWriter.Scoring;

/// <summary>The values that one JSON value gives for the dimensions, wherever in it they stand; of repeated ones the last.</summary>
internal sealed class MarkTable
{
    private static readonly string[] TitleNames = ["dimension", "name", "criterion", "aspect", "metric", "维度"];

    private MarkTable(LooseFind find) => Find = find;

    /// <summary>Where they were found.</summary>
    public LooseFind Find { get; }

    /// <summary>What stands at each dimension that is named.</summary>
    public Dictionary<QualityDimension, LooseValue> Marks { get; } = [];

    /// <summary>Collects from an object or a list.</summary>
    public static MarkTable Of(LooseFind find)
    {
        var table = new MarkTable(find);
        table.Collect(find.Value);
        return table;
    }

    private void Collect(LooseValue value)
    {
        switch (value)
        {
            case LooseList list:
                foreach (LooseValue item in list.Items)
                {
                    Collect(item);
                }

                break;
            case LooseObject { Members: var members } entry when Titled(entry) is { } dimension && LooseMark.Score(entry) is { } score && members.Count > 1:
                // {"dimension": "Clarity", "score": 4}
                Marks[dimension] = score;
                break;
            case LooseObject { Members: var members }:
                foreach ((string name, LooseValue member) in members)
                {
                    if (QualityDimensions.Find(name) is { } dimension)
                    {
                        Marks[dimension] = member;
                    }
                    else
                    {
                        Collect(member);
                    }
                }

                break;
        }
    }

    private static QualityDimension? Titled(LooseObject value)
    {
        foreach ((string name, LooseValue member) in value.Members)
        {
            if (member is LooseText title && TitleNames.Contains(LooseName.Fold(name)))
            {
                return QualityDimensions.Find(title.Text);
            }
        }

        return null;
    }
}
