namespace LongWriter.Testing;

/// <summary>Sentences out of small word lists, drawn with a seed. Enough of them that no passage repeats itself like a loop.</summary>
internal sealed class StandInPhrases(Random random)
{
    private static readonly string[] Times =
    [
        "before dawn", "on the third day", "late in the evening", "after the storm", "when the tide turned", "in the first week of May",
        "toward noon", "as the light failed", "that night", "by the end of the month", "during the long calm", "two hours later",
    ];

    private static readonly string[] People =
    [
        "the captain", "the old pilot", "the cook", "a young surveyor", "the harbour master", "the ship's doctor", "the carpenter",
        "the navigator", "her brother", "the merchant's widow", "a boy from the docks", "the last passenger",
    ];

    private static readonly string[] Deeds =
    [
        "copied", "repaired", "examined", "carried", "described", "measured", "lost", "found", "sold", "questioned", "remembered", "wrapped",
    ];

    private static readonly string[] Things =
    [
        "brass compass", "torn chart", "letter of passage", "cedar chest", "log of the voyage", "broken mast", "cask of fresh water",
        "lantern", "silver coin", "map of the northern coast", "list of debts", "painted bowl", "sealed message", "leather glove",
    ];

    private static readonly string[] Places =
    [
        "beside the open hatch", "in the shadow of the lighthouse", "along the southern quay", "under a canvas roof", "at the foot of the hill",
        "in a narrow street of the port", "behind the customs house", "between two islands", "near the river mouth", "on the crowded deck",
    ];

    private static readonly string[] Reactions =
    [
        "said nothing about it", "wrote down every detail", "laughed for the first time in weeks", "asked for a second opinion",
        "thought of the long way home", "counted the days that were left", "kept watch until morning", "began to sing in a low voice",
        "refused to believe a word", "offered to pay for everything", "made a drawing of the scene", "ordered the sails to be set",
    ];

    private static readonly string[] ChineseTimes = ["天亮以前", "第三天", "深夜里", "风暴过后", "涨潮的时候", "五月初", "将近中午", "月底之前", "两个时辰以后", "雾散之时"];
    private static readonly string[] ChinesePeople = ["船长", "老舵手", "厨师", "年轻的测量员", "港务官", "船医", "木匠", "领航员", "商人的遗孀", "码头上的少年"];
    private static readonly string[] ChineseDeeds = ["抄录", "修好", "查看", "搬走", "描述", "丈量", "丢失", "找到", "卖掉", "收藏"];
    private static readonly string[] ChineseThings = ["铜罗盘", "破海图", "通行文书", "雪松木箱", "航海日志", "断了的桅杆", "一桶淡水", "旧灯笼", "银币", "北岸的地图"];
    private static readonly string[] ChinesePlaces = ["舱口旁边", "灯塔的影子里", "南边的码头上", "帆布棚下", "山脚下", "海关后面", "两座岛之间", "河口附近"];
    private static readonly string[] ChineseReactions = ["一句话也没有说", "记下了每个细节", "几周来第一次笑了", "想起漫长的归途", "数着剩下的日子", "守到了清晨", "低声唱起歌来", "下令升起风帆"];

    /// <summary>A number from 0 to below <paramref name="count"/>; 0 where there is no choice.</summary>
    public int Pick(int count) => count <= 1 ? 0 : random.Next(count);

    public string Sentence(bool chinese) => chinese ? ChineseSentence() : Capital(Pick(6) switch
    {
        0 => $"{One(Times)}, {One(People)} {One(Deeds)} the {One(Things)} {One(Places)}, and {One(People)} {One(Reactions)}.",
        1 => $"{One(People)} {One(Deeds)} the {One(Things)} because {One(People)} had {One(Deeds)} the {One(Things)} {One(Times)}.",
        2 => $"nobody knew why {One(People)} {One(Deeds)} the {One(Things)}, yet {One(People)} {One(Reactions)}.",
        3 => $"{One(Places)}, there was a {One(Things)} that {One(People)} {One(Deeds)} {One(Times)}.",
        4 => $"it was {One(People)} who {One(Deeds)} the {One(Things)} {One(Places)}, while {One(People)} {One(Reactions)}.",
        _ => $"{One(Times)} {One(People)} {One(Reactions)}, although {One(People)} had {One(Deeds)} the {One(Things)} {One(Places)}.",
    });

    public string MainPoint(bool chinese) => chinese
        ? $"{One(ChinesePeople)}在{One(ChinesePlaces)}{One(ChineseDeeds)}了{One(ChineseThings)}，{One(ChinesePeople)}{One(ChineseReactions)}"
        : Capital($"{One(People)} {One(Deeds)} the {One(Things)} {One(Places)}, and {One(People)} {One(Reactions)}");

    public string Heading(bool chinese) => chinese
        ? $"{One(ChinesePlaces)}的{One(ChineseThings)}"
        : Capital($"the {One(Things)} {One(Places)}");

    private string ChineseSentence() => Pick(4) switch
    {
        0 => $"{One(ChineseTimes)}，{One(ChinesePeople)}在{One(ChinesePlaces)}{One(ChineseDeeds)}了{One(ChineseThings)}，{One(ChinesePeople)}{One(ChineseReactions)}。",
        1 => $"没有人知道{One(ChinesePeople)}为什么{One(ChineseDeeds)}了{One(ChineseThings)}，只有{One(ChinesePeople)}{One(ChineseReactions)}。",
        2 => $"{One(ChinesePlaces)}放着{One(ChineseThings)}，那是{One(ChinesePeople)}{One(ChineseTimes)}{One(ChineseDeeds)}的。",
        _ => $"{One(ChinesePeople)}{One(ChineseReactions)}，因为{One(ChinesePeople)}{One(ChineseTimes)}{One(ChineseDeeds)}了{One(ChineseThings)}。",
    };

    private string One(string[] list) => list[random.Next(list.Length)];

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
