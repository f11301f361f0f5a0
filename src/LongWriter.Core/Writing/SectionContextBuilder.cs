using System.Globalization;
using LongWriter.Prompts;
using Microsoft.Extensions.AI;

namespace LongWriter.Writing;

/// <summary>
/// Decides what a section's call sees. While everything fits, everything is shown. Otherwise the budget is spent in
/// this order: instruction, the section's own step, the plan (its neighbours and a digest of the rest), source notes,
/// the latest text, older text. Each drop is recorded. What was laid so is kept and grows by the sections that follow for as
/// long as it fits, so that a cache serves all but its end. Not safe for concurrent use unless no input has earlier sections.
/// </summary>
internal sealed class SectionContextBuilder(PromptSet prompts, TokenBudget tokens, ContextLayout layout)
{
    /// <summary>
    /// Of the room for text, the part that older sections may fill when a prompt is laid anew. The other half is for the sections
    /// that follow: the beginning then stays for several of them, and computing a token of the prompt anew is paid for by writing one.
    /// </summary>
    private const int OlderTextDivisor = 2;

    private ContextTrunk? trunk;

    public SectionContext Build(SectionContextInput input)
    {
        int available = tokens.PromptTokens(input.ReplyWords);
        int rest = available - HeadTokens(input);
        if (FullTokens(input) <= rest)
        {
            return Lay(input, FullPlan(input), input.Request.SourceNotes, ShowAll(input), summary: null, []);
        }

        if (trunk is { } known && known.FirstSection < input.Earlier.Count && Grow(input, known) is { } grown && grown.PromptTokens <= available)
        {
            return grown;
        }

        // The sentence that says what is not shown is laid once it is known how much that is; its room is kept from the start.
        rest -= input.Earlier.Count == 0 ? 0 : tokens.Count(PromptWording.LeftOutText(input.Index, null, prompts.IsChinese));
        if (rest < 0)
        {
            throw new ContextBudgetException(
                $"The instruction and one step of the plan take {available - rest} tokens, but the model's context of "
                + $"{tokens.WindowTokens} tokens leaves {available} for a prompt; shorten the instruction or move parts of it to the source notes.",
                available - rest, available);
        }

        var drops = new List<string>();
        string plan = SpendOnPlan(input, ref rest, drops);
        string? summary = SpendOnSummary(input, ref rest);
        string? notes = SpendOnNotes(input, ref rest, drops);
        List<ShownText> shown = SpendOnText(input, ref rest, drops);
        if (input.Earlier.Count > 0)
        {
            trunk = shown is [{ Section: var first, Text: var text }, ..] && first < input.Index ? new ContextTrunk(plan, notes, first, text, drops) : null;
        }

        return Lay(input, plan, notes, shown, summary, drops);
    }

    /// <summary>The prompt of an earlier call with the sections that were written since.</summary>
    private SectionContext Grow(SectionContextInput input, ContextTrunk known)
    {
        List<ShownText> shown = ShowAll(input)[known.FirstSection..];
        shown[0] = new ShownText(known.FirstSection, known.FirstText);
        string? summary = input.Summary is { } made ? PromptWording.LeftOutText(made.Sections, made.Text, prompts.IsChinese) : null;
        return Lay(input, known.Plan, known.Notes, shown, summary, known.Drops);
    }

    private int HeadTokens(SectionContextInput input)
    {
        string brief = PromptWording.Brief(input.Request, null, prompts.IsChinese);
        string head = Opening(input, brief, "", "", input.Index);
        int tail = input.Partial is null ? 0 : tokens.Count(ContinuePrompt(input)) + (2 * TokenBudget.TokensPerMessage);
        return tokens.Count(head) + TokenBudget.TokensPerMessage + tail;
    }

    private int FullTokens(SectionContextInput input) =>
        (IsWhole(input) ? 0 : tokens.Count(FullPlan(input)))
        + NotesTokens(input, input.Request.SourceNotes)
        + tokens.Count(input.Partial ?? "")
        + Enumerable.Range(0, input.Earlier.Count).Sum(section => input.Earlier[section].Tokens + TurnTokens(input, section));

    /// <summary>
    /// What showing a section costs beside its text. In a conversation that is the turn that asked for the one after it, and
    /// the difference in the opening, which then names this section's step in place of the one after it.
    /// </summary>
    private int TurnTokens(SectionContextInput input, int section) => layout == ContextLayout.SinglePrompt
        ? 1
        : tokens.Count(NextPrompt(input, section + 1)) + (2 * TokenBudget.TokensPerMessage)
            + tokens.Count(Step(input, section)) - tokens.Count(Step(input, section + 1));

    /// <summary>What the notes and the line that introduces them add to the instruction.</summary>
    private int NotesTokens(SectionContextInput input, string? notes) => string.IsNullOrWhiteSpace(notes)
        ? 0
        : tokens.Count(PromptWording.Brief(input.Request, notes, prompts.IsChinese)) - tokens.Count(PromptWording.Brief(input.Request, null, prompts.IsChinese));

    private string SpendOnPlan(SectionContextInput input, ref int rest, List<string> drops)
    {
        if (IsWhole(input))
        {
            return "";
        }

        string plan = PlanWindow.Fit(input.Planning.Plan, input.Index, rest / 3, tokens, prompts.IsChinese, out int leftOut);
        int cost = tokens.Count(plan);
        if (cost > rest)
        {
            // The step has its own place in the prompt, so nothing that must be there is lost.
            (plan, cost, leftOut) = ("", 0, input.Planning.Plan.Sections.Count);
        }

        if (leftOut > 0)
        {
            drops.Add($"{leftOut} of {input.Planning.Plan.Sections.Count} lines of the plan are left out of the prompt.");
        }

        rest -= cost;
        return plan;
    }

    private string? SpendOnSummary(SectionContextInput input, ref int rest)
    {
        if (input.Summary is not { } summary)
        {
            return null;
        }

        string text = PromptWording.LeftOutText(summary.Sections, summary.Text, prompts.IsChinese);
        int cost = tokens.Count(text);
        if (cost > rest / 2)
        {
            return null;
        }

        rest -= cost;
        return text;
    }

    private string? SpendOnNotes(SectionContextInput input, ref int rest, List<string> drops)
    {
        if (string.IsNullOrWhiteSpace(input.Request.SourceNotes))
        {
            return null;
        }

        int label = NotesTokens(input, "x");
        string notes = TextCut.Head(input.Request.SourceNotes, Math.Max(0, (rest / 2) - label), tokens);
        if (notes.Length < input.Request.SourceNotes.Length)
        {
            drops.Add($"{input.Request.SourceNotes.Length - notes.Length} of {input.Request.SourceNotes.Length} characters of the source notes are left out of the prompt.");
        }

        rest -= NotesTokens(input, notes);
        return notes;
    }

    private List<ShownText> SpendOnText(SectionContextInput input, ref int rest, List<string> drops)
    {
        var shown = new List<ShownText>();
        bool hasGap = false;
        int olderRoom = rest / OlderTextDivisor;
        if (input.Partial is { Length: > 0 } partial)
        {
            string tail = TextCut.Tail(partial, rest, tokens);
            shown.Add(new ShownText(input.Index, tail));
            rest -= tokens.Count(tail);
            hasGap = tail.Length < partial.Length;
            if (hasGap)
            {
                drops.Add($"The first {partial.Length - tail.Length} characters of this section are left out of the prompt.");
            }
        }

        rest = Math.Min(rest, olderRoom);
        int section = input.Earlier.Count - 1;
        for (; section >= 0 && !hasGap; section--)
        {
            int cost = input.Earlier[section].Tokens + TurnTokens(input, section);
            if (cost > rest)
            {
                break;
            }

            shown.Add(new ShownText(section, input.Earlier[section].Text));
            rest -= cost;
        }

        if (section >= 0)
        {
            int room = rest - TurnTokens(input, section);
            string tail = hasGap || room <= 0 ? "" : TextCut.Tail(input.Earlier[section].Text, room, tokens);
            drops.Add(tail.Length == 0
                ? $"The text of paragraphs 1 to {section + 1} is left out of the prompt."
                : $"{(section == 0 ? "The" : $"The text of paragraphs 1 to {section} and the")} first {input.Earlier[section].Text.Length - tail.Length} characters of paragraph {section + 1} are left out of the prompt.");
            if (tail.Length > 0)
            {
                shown.Add(new ShownText(section, tail));
            }
        }

        shown.Reverse();
        return shown;
    }

    private static List<ShownText> ShowAll(SectionContextInput input)
    {
        List<ShownText> shown = [.. input.Earlier.Select((part, section) => new ShownText(section, part.Text))];
        if (input.Partial is { Length: > 0 } partial)
        {
            shown.Add(new ShownText(input.Index, partial));
        }

        return shown;
    }

    private SectionContext Lay(
        SectionContextInput input, string plan, string? notes, List<ShownText> shown, string? summary, IReadOnlyList<string> drops)
    {
        string brief = PromptWording.Brief(input.Request, notes, prompts.IsChinese);
        int first = shown.Count == 0 ? input.Index : shown[0].Section;
        if (first > 0 && input.Earlier.Count > 0)
        {
            plan = $"{plan.TrimEnd()}\n\n{summary ?? PromptWording.LeftOutText(first, null, prompts.IsChinese)}".TrimStart();
        }

        List<ChatMessage> messages = layout == ContextLayout.Conversation
            ? Conversation(input, brief, plan, shown, first)
            : SinglePrompt(input, brief, plan, shown);
        int promptTokens = messages.Sum(message => tokens.Count(message.Text) + TokenBudget.TokensPerMessage);
        return new SectionContext(messages, promptTokens, first, drops);
    }

    private List<ChatMessage> Conversation(SectionContextInput input, string brief, string plan, List<ShownText> shown, int first)
    {
        var messages = new List<ChatMessage>
        {
            User(Opening(input, brief, plan, "", first)),
        };
        foreach (ShownText text in shown)
        {
            messages.Add(new ChatMessage(ChatRole.Assistant, text.Text));
            messages.Add(User(text.Section == input.Index
                ? ContinuePrompt(input)
                : NextPrompt(input, text.Section + 1)));
        }

        return messages;
    }

    private List<ChatMessage> SinglePrompt(SectionContextInput input, string brief, string plan, List<ShownText> shown)
    {
        string text = DocumentText.Join(shown.Where(part => part.Section < input.Index).Select(part => part.Text));
        var messages = new List<ChatMessage>
        {
            User(Opening(input, brief, plan, text, input.Index)),
        };
        if (shown.Count > 0 && shown[^1].Section == input.Index)
        {
            messages.Add(new ChatMessage(ChatRole.Assistant, shown[^1].Text));
            messages.Add(User(ContinuePrompt(input)));
        }

        return messages;
    }

    /// <summary>The first message. A document of one section has no plan to show.</summary>
    private string Opening(SectionContextInput input, string brief, string plan, string text, int section) =>
        IsWhole(input) ? prompts[PromptNames.Whole].Render(("INST", brief), ("LENGTH", PromptWording.Length(input.Planning.Target, prompts.IsChinese)))
        : layout == ContextLayout.Conversation ? prompts[PromptNames.Open].Render([("INST", brief), ("PLAN", plan), .. StepPlaces(input, section)])
        : prompts[PromptNames.SinglePrompt].Render([("INST", brief), ("PLAN", plan), ("TEXT", text), .. StepPlaces(input, section)]);

    private string NextPrompt(SectionContextInput input, int section) => prompts[PromptNames.Next].Render(StepPlaces(input, section));

    /// <summary>A step of the plan: its whole line, and its parts.</summary>
    private (string Place, string Value)[] StepPlaces(SectionContextInput input, int section) =>
    [
        ("STEP", Step(input, section)),
        .. Parts(input, section, WordsOf(input, section)),
    ];

    private (string Place, string Value)[] Parts(SectionContextInput input, int section, int words) =>
    [
        ("INDEX", (section + 1).ToString(CultureInfo.InvariantCulture)),
        ("POINT", input.Planning.Plan.Sections[section].MainPoint.TrimEnd('.', '。')),
        ("WORDS", PromptWording.Amount(words, input.Planning.Target.Unit, prompts.IsChinese)),
    ];

    private static bool IsWhole(SectionContextInput input) => input.Planning.Origin == PlanOrigin.SingleSection;

    private string FullPlan(SectionContextInput input) => PlanText.Format(input.Planning.Plan, prompts.IsChinese);

    private string Step(SectionContextInput input, int section) =>
        PlanText.Line(section, input.Planning.Plan.Sections[section] with { Words = WordsOf(input, section) }, prompts.IsChinese);

    private static int WordsOf(SectionContextInput input, int section) =>
        section < input.Asked.Count ? input.Asked[section] : input.Planning.Plan.Sections[section].Words;

    private string ContinuePrompt(SectionContextInput input) =>
        prompts[input.Finishes ? PromptNames.Finish : PromptNames.Continue].Render(Parts(input, input.Index, input.ReplyWords));

    private static ChatMessage User(string text) => new(ChatRole.User, text);

    /// <summary>What was laid when not everything fitted: how it begins, up to the first text that it shows.</summary>
    private sealed record ContextTrunk(string Plan, string? Notes, int FirstSection, string FirstText, IReadOnlyList<string> Drops);

    /// <summary>Text of one section, or its end, as the prompt shows it.</summary>
    private readonly record struct ShownText(int Section, string Text);
}
