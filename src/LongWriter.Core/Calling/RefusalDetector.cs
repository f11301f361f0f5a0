using System.Text.RegularExpressions;

namespace LongWriter.Calling;

/// <summary>
/// Recognises a refusal that arrives as a normal reply, in English and Chinese. Conservative: a missed refusal is met again by the
/// length contract, a wrong one would throw away text.
/// </summary>
/// <remarks>
/// A refusal is short and says at its very start that the speaker cannot do what an assistant does (assist, comply, write the content
/// asked for). Two grades: what only an assistant says (its request, its guidelines, itself as a model) may be followed by an offer of
/// something else, so it counts in texts up to some length; what a person could say as well counts only in a text of a sentence or
/// two, or where assistant talk follows. Text that begins with a quotation mark, or that reports speech, is fiction. Only a prefix is searched.
/// </remarks>
internal static partial class RefusalDetector
{
    private const int PrefixChars = 400;
    private const int AssistantMaxChars = 1000;
    private const int PersonalMaxChars = 220;
    private const int ChineseAssistantMaxChars = 400;
    private const int ChinesePersonalMaxChars = 80;

    // Building blocks of the English patterns.
    private const string Apology =
        @"(?:(?:i am|i'm|we're|we are) (?:really |very |so |truly |terribly |deeply )?sorry|sorry|my apologies|apologies|i apologi[sz]e|unfortunately|i regret)";

    private const string Opening =
        "^(?:" + Apology + @"[,.;:!]?(?: (?:for (?:any|the) [a-z ]{1,40}|about that)[,.]?)?[ —–-]*(?:but |however,? |that )?(?:as an ai[a-z ,]{0,40}, )?"
        + @"|(?:i understand|i appreciate|thank you)[^.!?""“]{0,160}[,.;] ?(?:but|however),? (?:unfortunately,? )?|as an? (?:ai|artificial intelligence|large language model|language model)[^.!?""“]{0,80}, (?:unfortunately,? )?|no[,.] )?";

    private const string Unable =
        "(?:i|we)(?: am|'m| are|'re)? ?(?:(?:can't|cannot|can not|won't|will not|must decline to|have to decline to) (?:in good conscience )?|(?:un|not )able to |won't be able to |not (?:allowed|permitted|going|programmed|designed) to |not comfortable |(?:do not|don't) feel comfortable )";

    private const string Work =
        "(?:write|writing|create|creating|generate|generating|produce|producing|provide|providing|continue|continuing|complete|completing|support|discuss|discussing|share|offer|answer|help|helping|participate|proceed|process)";

    private const string Matter =
        @"(?:requests?|prompts?|content|material|instructions?|(?:short )?stor(?:y|ies)|essays?|articles?|(?:full )?text|sections?|paragraphs?|chapters?|scenes?|documents?|guides?|topics?|conversation|role-?play|fan ?fiction|fiction|assistance|information)";

    private const string AssistantAct =
        "(?:assist(?: you)?(?: with| in)?(?: (?:that|this|your|the|such|any|these|those|creating|writing|generating|producing)\\b|[.,!]|$)|comply\\b|fulfil?l (?:that|this|your|the|such)\\b"
        + @"|accommodate (?:that|this|your|the|such)\b|engage (?:in|with) (?:that|this|such|your|the|any|content|requests?|role-?play)\b|help (?:you )?(?:with )?(?:create|creating|write|writing|generate|generating|produce|producing|that request|this request|your request|such requests?)\b)";

    [GeneratedRegex(Opening + Unable + AssistantAct, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex EnglishAssistant { get; }

    // "I cannot write that." or "I cannot write this story." is all of such a reply; a narrator may say as much and go on.
    [GeneratedRegex(Opening + Unable + "(?:" + Work + @" (?:[a-z'-]+ ){0,8}" + Matter + @"\b|" + Work + @" (?:(?:about|with|on|you with|for|to) )?(?:that|this|it|such (?:a )?thing|anything)(?: for you)?\b *[.!,]|do (?:that|this) *[.!,])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex EnglishPersonal { get; }

    // What a narrator would hardly say next, and an assistant does.
    [GeneratedRegex(@"\b(?:requests?|guidelines?|polic(?:y|ies)|ai|language model|(?:happy|glad) to|explicit|harmful|illegal|copyright(?:ed)?|hateful|sexual(?:ly)?|inappropriate|unethical|would you like|let me know|feel free)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AssistantTalk { get; }

    [GeneratedRegex(@"^(?:" + Apology + @"[^.!?""“]{0,120}[.,] ?(?:but |because |since )?)?(?:(?:i|we) (?:must|have to|need to|will have to) (?:respectfully |politely )?(?:decline|refuse) (?:to (?:write|create|generate|produce|provide|assist|help|fulfill?|continue|comply)|this request|that request|your request)|(?:this|that|your|the) (?:request|prompt|content)[^.!?""“]{0,60} (?:violates|goes against|conflicts with|is against|breaches) (?:my|our|the|openai's|anthropic's|usage|content)\b[^.!?""“]{0,40}(?:polic|guideline|programming|terms|principles|rules))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex EnglishPolicy { get; }

    // Reported speech; "that said" is a turn of phrase in real refusals.
    [GeneratedRegex(@"(?<!\bthat )\bsaid\b|\b(?:whispered|muttered|murmured|shouted|replied)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ReportedSpeech { get; }

    // Building blocks of the Chinese patterns.
    private const string ChineseApology = "(?:(?:我)?(?:非常|很|十分|真的|深感|真)?(?:抱歉|对不起|不好意思|遗憾)[，,。！!、 ]*(?:但是|但|不过|可是)?)";

    private const string ChineseUnable = "(?:无法|不能(?!不)|没办法|没有办法|不可以|不便|不会|不被允许|没有能力)(?:够)?(?:直接|继续)?";

    private const string ChineseAct = "(?:协助|帮助|满足|提供|回答|回应|生成|创作|撰写|编写|写作|写|完成|继续|处理|执行|讨论|支持|参与|遵从|输出|给出)";

    private const string ChineseMatter = "(?:请求|要求|内容|话题|问题|任务|文章|故事|小说|作品|信息|章节|段落|对话|指令|主题|材料|文本)";

    [GeneratedRegex("^" + ChineseApology + "?(?:作为|身为|我(?:只)?是)(?:一个|一名|一款|一位)?(?:AI|人工智能|大?语言模型|大模型|智能助手|虚拟助手)(?:大?语言模型|模型|助手|助理|系统|程序)?[，,。 ]+.{0,40}?我?" + ChineseUnable + "[^，。！？]{0,20}?" + ChineseAct, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ChineseAsModel { get; }

    [GeneratedRegex("^(?:" + ChineseApology + "我?(?:们)?|我)" + ChineseUnable + "(?:[^，。！？“”「」]{0,20}?" + ChineseAct + "[^，。！？“”「」]{0,30}?" + ChineseMatter + ")", RegexOptions.CultureInvariant)]
    private static partial Regex ChineseAssistant { get; }

    [GeneratedRegex("^" + ChineseApology + "我?(?:们)?" + ChineseUnable + "(?:为您|为你|给您|给你|向您|向你|帮您|帮你)?(?:" + ChineseAct + ")(?:您|你|这个|这些|该|此|相关|帮助|服务|协助|支持)*(?:[。！!，,]|$)", RegexOptions.CultureInvariant)]
    private static partial Regex ChinesePersonal { get; }

    /// <summary>True when the whole of <paramref name="text"/> is the model declining to write.</summary>
    public static bool IsRefusal(string text)
    {
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim();
        if (trimmed.IsEmpty || trimmed.Length > AssistantMaxChars || "\"“”'‘「『«—–-*>".Contains(trimmed[0]))
        {
            return false;
        }

        string prefix = Normalize(trimmed[..Math.Min(trimmed.Length, PrefixChars)]);
        return char.IsAscii(prefix[0]) && !IsCjk(prefix)
            ? !ReportedSpeech.IsMatch(prefix) && IsEnglishRefusal(prefix, trimmed.Length)
            : IsChineseRefusal(prefix, trimmed.Length);
    }

    private static bool IsEnglishRefusal(string prefix, int chars) =>
        EnglishAssistant.IsMatch(prefix)
        || EnglishPolicy.IsMatch(prefix)
        || ((chars <= PersonalMaxChars || AssistantTalk.IsMatch(prefix)) && EnglishPersonal.IsMatch(prefix));

    private static bool IsChineseRefusal(string prefix, int chars) =>
        chars <= ChineseAssistantMaxChars
        && (ChineseAsModel.IsMatch(prefix) || ChineseAssistant.IsMatch(prefix) || (chars <= ChinesePersonalMaxChars && ChinesePersonal.IsMatch(prefix)));

    // "AI" may begin a Chinese sentence, so the first few characters decide and not the first alone.
    private static bool IsCjk(string prefix) => prefix.AsSpan(0, Math.Min(prefix.Length, 8)).IndexOfAnyInRange('一', '鿿') >= 0;

    /// <summary>Straight apostrophes and single spaces, so that the patterns need to know one form.</summary>
    private static string Normalize(ReadOnlySpan<char> prefix) => WhiteSpace.Replace(prefix.ToString().Replace('’', '\''), " ");

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex WhiteSpace { get; }
}
