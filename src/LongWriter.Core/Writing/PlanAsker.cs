using System.Runtime.CompilerServices;
using LongWriter.Calling;
using LongWriter.Prompts;
using Microsoft.Extensions.AI;

namespace LongWriter.Writing;

/// <summary>Gets the model's reply to the planning messages: stops one that does not end, and continues one that was cut. For one use.</summary>
internal sealed class PlanAsker(
    WritingRequest request, LengthTarget? target, AgentWriterOptions options, PromptSet prompts, TokenBudget tokens, JournaledCaller calls, bool structured)
{
    /// <summary>A plan line is some 25 words; a plan of one call that was cut is continued, but not for ever.</summary>
    private const int MaxContinuations = 40;

    private CallResult? lastCall;

    /// <summary>The last reply, of all its calls; without the half line at its end where it was cut.</summary>
    public string Reply { get; private set; } = "";

    /// <summary>What was left out of the last reply, one sentence; null when nothing was.</summary>
    public string? LeftOut { get; private set; }

    /// <summary>Tokens of all calls.</summary>
    public TokenUsage Usage { get; private set; }

    /// <summary>True while no call was made.</summary>
    public bool Restored { get; private set; } = true;

    /// <summary>What is left of the window, a quarter, belongs to the plan.</summary>
    public int PromptTokens => tokens.WindowTokens - (tokens.WindowTokens / 4);

    /// <summary>Gets <see cref="Reply"/>.</summary>
    /// <param name="messages">The planning prompt first, then what is to be repaired.</param>
    /// <param name="attempt">From 0; tells tries apart.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>What happened on the way.</returns>
    /// <exception cref="ModelCallException">The call failed.</exception>
    public async IAsyncEnumerable<WritingNoted> AskAsync(
        List<ChatMessage> messages, int attempt, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (Reply, LeftOut) = ("", null);
        List<ChatMessage> asked = messages;
        int known = 0;
        for (int part = 0; part <= MaxContinuations; part++)
        {
            await foreach (WritingNoted note in CallAsync(asked, (100 * attempt) + part, cancellationToken).ConfigureAwait(false))
            {
                yield return note;
            }

            Reply += lastCall!.Text;
            if (structured || lastCall.End is not (EndCause.Length or EndCause.ContextLimit or EndCause.Repetition))
            {
                yield break;
            }

            if (ReadableBeginning(Reply) is not { } beginning)
            {
                yield break;
            }

            Reply = beginning;
            WritingPlan begun = PlanParser.ParseOrThrow(beginning);
            if (HoldsLength(begun))
            {
                LeaveOutSurplus(begun);
                yield break;
            }

            if (begun.Sections.Count <= known)
            {
                yield break;
            }

            (known, asked) = (begun.Sections.Count, Continuation(messages[0], begun));
        }
    }

    /// <summary>Whole lines of a reply that was cut, up to the first that cannot be read; null where there is none.</summary>
    private static string? ReadableBeginning(string reply)
    {
        string whole = reply[..(reply.LastIndexOf('\n') + 1)];
        PlanParseResult parsed = PlanParser.Parse(whole);
        if (parsed.Plan is not null)
        {
            return whole;
        }

        string[] lines = whole.Split('\n');
        int unreadable = parsed.Problems[0].Line;
        string before = string.Concat(lines.Take(unreadable - 1).Select(line => line + "\n"));
        return PlanParser.Parse(before).Plan is not null ? before : null;
    }

    private bool HoldsLength(WritingPlan begun) => begun.TotalWords >= (target?.Value ?? PlanLimit.Of(null, options).Words);

    /// <summary>A plan that was cut has no end that must be kept: what comes after the length is surplus.</summary>
    private void LeaveOutSurplus(WritingPlan begun)
    {
        int aim = target?.Value ?? options.DefaultWords;
        long sum = 0;
        int kept = begun.Sections.TakeWhile(section => (sum += section.Words) - section.Words < aim).Count();
        if (kept < begun.Sections.Count)
        {
            Reply = PlanText.Format(begun with { Sections = [.. begun.Sections.Take(kept)] }, prompts.IsChinese);
            LeftOut = $"The plan did not end, so the {begun.Sections.Count - kept} sections after the first {kept}, which hold the length, were left out.";
        }
    }

    private List<ChatMessage> Continuation(ChatMessage first, WritingPlan begun)
    {
        int last = begun.Sections.Count - 1;
        int missing = Math.Max(options.MinSectionWords, (target?.Value ?? options.DefaultWords) - begun.TotalWords);
        string lastLine = PlanText.Line(begun, last, prompts.IsChinese);
        LengthUnit unit = target?.Unit ?? (prompts.IsChinese ? LengthUnit.Characters : LengthUnit.Words);
        string ask = prompts[PromptNames.PlanContinue].Render(
            ("STEP", lastLine), ("INDEX", $"{last + 2}"), ("WORDS", PromptWording.Amount(missing, unit, prompts.IsChinese)));

        // The last line always, up to four before it where there is room.
        int room = PromptTokens - tokens.Count(first.Text) - tokens.Count(ask) - tokens.Count(lastLine) - (3 * TokenBudget.TokensPerMessage);
        string tail = lastLine;
        for (int index = last - 1; index >= Math.Max(0, last - 4); index--)
        {
            string line = PlanText.Line(begun, index, prompts.IsChinese);
            room -= tokens.Count(line);
            if (room < 0)
            {
                break;
            }

            tail = $"{line}\n{tail}";
        }

        return [first, new ChatMessage(ChatRole.Assistant, tail), new ChatMessage(ChatRole.User, ask)];
    }

    /// <summary>Makes <see cref="lastCall"/>; each retry on the way is a note, so that nobody waits in silence.</summary>
    private async IAsyncEnumerable<WritingNoted> CallAsync(
        List<ChatMessage> messages, int attempt, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var call = new JournaledCall(messages, CallOptions(attempt), attempt);
        PlanWatch watch = NewWatch();
        lastCall = null;
        await foreach (CallUpdate update in calls.CallAsync(call, cancellationToken).ConfigureAwait(false))
        {
            switch (update)
            {
                case CallText text when watch.Append(text.Delta) is { } end:
                    lastCall = await calls.StopAsync(call, watch.Text, end, UsageOf(messages, watch.Text), cancellationToken).ConfigureAwait(false);
                    break;
                case CallRestarted restarted:
                    watch = NewWatch();
                    yield return new WritingNoted(WritingNoteKind.CallRetried, null, restarted.Reason);
                    break;
                case CallRetracted:
                    watch = NewWatch();
                    break;
                case CallCompleted completed:
                    lastCall = completed.Result;
                    break;
            }

            if (lastCall is not null)
            {
                break;
            }
        }

        Usage += lastCall!.Usage;
        Restored &= lastCall.Attempts == 0;
        if (lastCall.End == EndCause.Error)
        {
            throw new ModelCallException($"Planning failed: {lastCall.Failure}", isTransient: true);
        }
    }

    /// <summary>What a call that was stopped used, where the client counts tokens.</summary>
    private TokenUsage UsageOf(List<ChatMessage> messages, string text) =>
        tokens.UsageOfStopped(messages.Sum(message => tokens.Count(message.Text) + TokenBudget.TokensPerMessage), text);

    private ChatOptions CallOptions(int attempt)
    {
        ChatOptions call = options.ChatOptions?.Clone() ?? new ChatOptions();
        call.ResponseFormat = structured ? PlanSchema.Format : call.ResponseFormat;
        call.Seed = request.Seed is { } seed ? seed + attempt : call.Seed;
        return call;
    }

    private PlanWatch NewWatch() => new(structured ? null : PlanLimit.Of(target, options));
}
