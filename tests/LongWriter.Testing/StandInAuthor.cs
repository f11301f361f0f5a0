using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LongWriter.Testing;

/// <summary>
/// A scripted author: answers the writer's planning prompts with a plan of the asked length, and its section prompts with grammatical filler of
/// about the asked number of words, in English or Chinese. The same request gets the same reply. It is no model; what it writes means nothing.
/// </summary>
public static partial class StandInAuthor
{
    private const int PreferredSectionWords = 500;
    private const int DefaultPlanWords = 2_000;
    private const int DefaultReplyWords = 300;
    private const int MaxSentencesPerParagraph = 6;

    /// <summary>The answer to a request, as a script of <see cref="LoopbackOpenAIServer"/>.</summary>
    public static LoopbackReply Answer(LoopbackRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new LoopbackReply { Text = Reply(request.LastText, request.ResponseFormat == "json_schema", request.Json), ChunkChars = 48 };
    }

    /// <summary>The answer to a call, as a script of <see cref="ScriptedChatClient"/>.</summary>
    public static string Reply(ScriptedCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        string identity = string.Create(CultureInfo.InvariantCulture, $"{call.Options?.Seed}|{call.AllText}");
        return Reply(call.LastText, call.Options?.ResponseFormat is Microsoft.Extensions.AI.ChatResponseFormatJson, identity);
    }

    private static string Reply(string prompt, bool wantsJson, string identity)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(identity));
        var phrases = new StandInPhrases(new Random(BitConverter.ToInt32(hash)));
        bool chinese = prompt.Count(c => c is >= '\u4E00' and <= '\u9FFF') * 4 > prompt.Length;
        if (wantsJson)
        {
            return JsonPlan(PlannedWords(prompt), chinese, phrases);
        }

        // A section's prompt ends with its step of the plan; the planning prompt only shows such lines as a form.
        Match step = StepAtEnd().Match(prompt.TrimEnd());
        if (step.Success)
        {
            return Prose(Number(step), chinese, phrases);
        }

        return prompt.Contains("Paragraph 1 - Main Point:", StringComparison.Ordinal) || prompt.Contains("第1段 - 要点：", StringComparison.Ordinal)
            ? LinePlan(PlannedWords(prompt), chinese, phrases)
            : Prose(Amount().Matches(prompt) is { Count: > 0 } amounts ? Number(amounts[^1]) : DefaultReplyWords, chinese, phrases);
    }

    /// <summary>The length that a planning prompt states for the whole; of a range its upper edge.</summary>
    private static int PlannedWords(string prompt) => WholeLength().Match(prompt) is { Success: true } whole ? Number(whole) : DefaultPlanWords;

    private static string LinePlan(int words, bool chinese, StandInPhrases phrases)
    {
        var plan = new StringBuilder();
        int number = 0;
        foreach (int budget in Budgets(words, phrases))
        {
            number++;
            plan.Append(chinese
                ? FormattableString.Invariant($"第{number}段 - 要点：{phrases.MainPoint(chinese)} - 字数：{budget}字\n")
                : FormattableString.Invariant($"Paragraph {number} - Main Point: {phrases.MainPoint(chinese)} - Word Count: {budget} words\n"));
        }

        return plan.ToString();
    }

    private static string JsonPlan(int words, bool chinese, StandInPhrases phrases) => JsonSerializer.Serialize(new
    {
        title = phrases.Heading(chinese),
        sections = Budgets(words, phrases).Select(budget => new
        {
            heading = phrases.Heading(chinese),
            main_point = phrases.MainPoint(chinese),
            words = budget,
        }).ToArray(),
    });

    /// <summary>Budgets that differ by up to a fifth and sum to the whole: what one section gets more, its neighbour gets less.</summary>
    private static int[] Budgets(int words, StandInPhrases phrases)
    {
        int count = Math.Max(1, (words + (PreferredSectionWords / 2)) / PreferredSectionWords);
        int[] budgets = new int[count];
        Array.Fill(budgets, words / count);
        budgets[^1] += words % count;
        for (int i = 0; i + 1 < count; i += 2)
        {
            int shift = phrases.Pick(words / count / 5 / 10) * 10;
            budgets[i] += shift;
            budgets[i + 1] -= shift;
        }

        return budgets;
    }

    /// <summary>Paragraphs that together come as close to the asked length as whole sentences can.</summary>
    private static string Prose(int words, bool chinese, StandInPhrases phrases)
    {
        var text = new StringBuilder();
        int written = 0;
        int sentences = 0;
        int paragraphSentences = 3 + phrases.Pick(MaxSentencesPerParagraph - 2);
        while (true)
        {
            string sentence = phrases.Sentence(chinese);
            int length = WordCounter.Unicode.Count(sentence);
            if (written > 0 && written + (length / 2.0) > words)
            {
                return text.ToString();
            }

            bool breaks = sentences == paragraphSentences;
            text.Append(text.Length == 0 ? "" : breaks ? "\n\n" : chinese ? "" : " ").Append(sentence);
            written += length;
            sentences = breaks ? 1 : sentences + 1;
        }
    }

    private static int Number(Match match) =>
        int.Parse(match.Groups.Values.Skip(1).First(group => group.Success).Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?:Word Count: (\d{1,7}) words|字数：(\d{1,7})字)$", RegexOptions.CultureInvariant)]
    private static partial Regex StepAtEnd();

    [GeneratedRegex(@"(\d{1,7}) (?:words|Chinese characters)|(\d{1,7})[字词]", RegexOptions.CultureInvariant)]
    private static partial Regex Amount();

    [GeneratedRegex(@"The whole piece should have: [^\n]*?(\d{1,7}) (?:words|Chinese characters)\.|全文篇幅：[^\n]*?(\d{1,7})[字词]", RegexOptions.CultureInvariant)]
    private static partial Regex WholeLength();
}
