using System.Buffers;
using System.Collections.Frozen;

namespace LongWriter.Text.Lengths;

/// <summary>The words, in lower case, that say what a number in an instruction is about.</summary>
internal static class Vocabulary
{
    /// <summary>What is numbered: "Part 2, 500 words".</summary>
    public static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> NumberedParts =
        Set("part section chapter act scene paragraph step stage letter story essay article poem entry unit module lesson volume episode day week");

    /// <summary>Parts that go by a name: "Introduction: 200 words".</summary>
    public static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> NamedParts = Set(
        "introduction intro body conclusion abstract opening ending epilogue prologue foreword preface background discussion methods method methodology "
        + "results findings summary appendix afterword title headline subtitle");

    /// <summary>What a document is asked for with.</summary>
    public static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> WritingVerbs =
        Set("write writes writing create draft compose produce generate prepare develop");

    /// <summary>What is done to a text that is already there.</summary>
    public static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> RevisingVerbs = Set(
        "summarize summarise condense shorten compress reduce cut trim rewrite translate expand extend lengthen increase grow paraphrase edit proofread review read bring");

    /// <summary>What points at a text that is already there: "this 5,000-word report".</summary>
    public static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Pointers =
        Set("this that my our his her their these those following above attached original existing previous whose");

    /// <summary>What puts a smaller text into a larger: "an essay with a 3-word title".</summary>
    public static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Joiners =
        Set("with include includes including contain contains containing plus add adding using under");

    /// <summary>What a few words are listed with: "list 5 words".</summary>
    public static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> ListingVerbs =
        Set("list learn memorize memorise know teach choose pick name use using uses include includes new key these those following define");

    /// <summary>What tells words apart: "words that describe the sea".</summary>
    public static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Selectors =
        Set("that which describing beginning starting ending rhyming related meaning associated");

    /// <summary>What is measured rather than written, so that it is no count of items.</summary>
    public static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Measures = Set(
        "words minutes hours seconds years months percent dollars euros pounds meters metres kilometers kilometres miles degrees pages times students pupils children employees characters");

    /// <summary>What is done to a Chinese text that is already there: 扩写, 缩减, 修改, 压缩.</summary>
    public static readonly SearchValues<char> ChineseRevisions = SearchValues.Create("扩缩增减压改");

    /// <summary>What ends a clause.</summary>
    public static readonly SearchValues<char> ClauseEnds = SearchValues.Create("，。；、：,;:\n");

    /// <summary>Chinese names of parts.</summary>
    public static readonly string[] ChineseParts =
        ["引言", "开头", "正文", "结尾", "结论", "摘要", "前言", "导语", "序言", "后记", "尾声", "导入", "主体", "背景", "总结", "标题", "题目", "副标题"];

    /// <summary>Chinese words for what is counted as items.</summary>
    public const string Classifiers = "个篇章节段封首部幕集回场课人天次条则份题点例种卷项位座";

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Set(string words) =>
        words.Split(' ').ToFrozenSet().GetAlternateLookup<ReadOnlySpan<char>>();
}
