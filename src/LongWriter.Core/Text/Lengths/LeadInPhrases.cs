using System.Collections.Frozen;

namespace LongWriter.Text.Lengths;

/// <summary>A label in front of a number, by what it says about the unit.</summary>
internal enum LeadInLabel
{
    /// <summary>None.</summary>
    None,

    /// <summary>It names a length but no unit: "Length: 1500".</summary>
    AnyUnit,

    /// <summary>It names words: "Word count: 800".</summary>
    Words,

    /// <summary>It names 字: 字数.</summary>
    Characters,
}

/// <summary>A phrase that may stand before a number.</summary>
internal sealed record LeadInPhrase(string Text, LengthBound Bound = LengthBound.None)
{
    /// <summary>"No", "not" or 不 before it turns the bound around.</summary>
    public bool CanBeNegated { get; init; }

    public LeadInLabel Label { get; init; }

    public bool IsTotal { get; init; }

    public bool IsEach { get; init; }
}

/// <summary>The phrases, found by their last character.</summary>
internal static class LeadInPhrases
{
    /// <summary>What may stand between 不 and a comparison: 不得少于.</summary>
    public static readonly string[] ChineseAuxiliaries = ["可以", "应该", "允许", "得", "能", "可", "要", "应", "宜", "许", "会", "该"];

    /// <summary>Without one of these in it, a text holds no label.</summary>
    public static readonly string[] LabelNames = ["word count", "wordcount", "word-count", "word limit", "word target", "number of words", "length", "字数", "词数", "篇幅", "长度"];

    private static readonly LeadInPhrase[] All =
    [
        .. Plain("about around approximately approx approx. roughly circa some nearly almost exactly of a an the is be are was has have must should to being will reach contain target required"),
        .. Plain("约 大约 大概 大致 差不多 接近 近 为 是 在 到 达 达到 有 写 要 需 需要 应 应该 应为 控制 控制在 保持 要求 字数要求是 须 得"),
        .. Bounds(LengthBound.Lower, false, "at least|minimum|min|min.|upwards|至少|最少|起码|最低|下限"),
        .. Bounds(LengthBound.Upper, false, "at most|maximum|max|max.|up to|limit|limited|至多|最多|最高|顶多|上限|限|限制|限制在|限定|限定在|不到"),
        .. Bounds(LengthBound.Lower, true, "more than|greater than|longer than|higher than|larger than|over|above|exceed|exceeds|exceeding|beyond|多于|大于|高于|长于|超过|超出|超"),
        .. Bounds(LengthBound.Upper, true, "less than|fewer than|shorter than|lower than|smaller than|under|below|within|少于|低于|小于|短于"),
        .. Labels(LeadInLabel.Words, "word count|wordcount|word-count|word limit|number of words|word target|length in words|词数|单词数"),
        .. Labels(LeadInLabel.Characters, "字数"),
        .. Labels(LeadInLabel.AnyUnit, "length|篇幅|长度"),
        new("word limit", LengthBound.Upper) { Label = LeadInLabel.Words },
        .. "a total|total|in total|overall|altogether|共|总共|一共|共计|总计|合计|全文|全篇|通篇|整篇|总字数|总篇幅".Split('|').Select(text => new LeadInPhrase(text)
        {
            IsTotal = true,
            Label = text == "总字数" ? LeadInLabel.Characters : LeadInLabel.None,
        }),
        .. "each|every|各|各自|均|分别".Split('|').Select(text => new LeadInPhrase(text) { IsEach = true }),
    ];

    private static readonly FrozenDictionary<char, LeadInPhrase[]> ByLastCharacter = All
        .GroupBy(phrase => phrase.Text[^1])
        .ToFrozenDictionary(group => group.Key, group => group.OrderByDescending(phrase => phrase.Text.Length).ThenByDescending(phrase => phrase.Bound).ToArray());

    /// <summary>The longest phrase that ends at <paramref name="end"/>, or null.</summary>
    public static LeadInPhrase? Find(FoldedText text, int end)
    {
        if (ByLastCharacter.TryGetValue(text[end - 1], out LeadInPhrase[]? phrases))
        {
            foreach (LeadInPhrase phrase in phrases)
            {
                if (text.HasAt(end - phrase.Text.Length, phrase.Text))
                {
                    return phrase;
                }
            }
        }

        return null;
    }

    private static IEnumerable<LeadInPhrase> Plain(string words) => words.Split(' ').Select(word => new LeadInPhrase(word));

    private static IEnumerable<LeadInPhrase> Bounds(LengthBound bound, bool canBeNegated, string phrases) =>
        phrases.Split('|').Select(text => new LeadInPhrase(text, bound) { CanBeNegated = canBeNegated });

    private static IEnumerable<LeadInPhrase> Labels(LeadInLabel label, string phrases) =>
        phrases.Split('|').Select(text => new LeadInPhrase(text) { Label = label });
}
