using System.Runtime.CompilerServices;
using LongWriter.Calling;
using LongWriter.Text;
using Microsoft.Extensions.AI;

namespace LongWriter.Writing;

/// <summary>Writes one section: calls, continues what was cut, writes again what cannot be used, cleans, then accepts or fails. For one use.</summary>
internal sealed class SectionWriter
{
    /// <summary>A section of which a larger share of long paragraphs stands in the document already is a copy.</summary>
    private const double MostRepeated = 0.5;

    /// <summary>Added to the frequency penalty for each loop that a section ran into.</summary>
    private const float PenaltyAfterLoop = 0.2f;

    private readonly AgentWriterOptions options;
    private readonly SectionContextBuilder contexts;
    private readonly JournaledCaller calls;
    private readonly TokenBudget tokens;
    private readonly SectionContextInput input;
    private readonly SectionLoop? length;
    private readonly PlannedSection planned;
    private readonly WordCounter counter;
    private readonly SectionCleaner cleaner;
    private readonly SectionDraft draft;
    private readonly string heading;
    private CallResult? result;
    private int loopStart = -1;
    private bool overran;
    private bool restored = true;
    private int continuations;
    private int fruitless;
    private bool finishing;
    private EndCause keptEnd;
    private int rewrites;
    private long generatedTokens;

    /// <param name="run">The run that the section belongs to.</param>
    /// <param name="input">What its calls are made from.</param>
    /// <param name="window">The length that it may have; null to take what the model gives.</param>
    /// <param name="loop">The document's loop, where the section may learn from the others.</param>
    /// <param name="earlierParagraphs">Paragraphs that it must not repeat.</param>
    public SectionWriter(WritingRun run, SectionContextInput input, SectionWindow? window, LengthLoop? loop, IReadOnlyCollection<string> earlierParagraphs)
    {
        (options, contexts, calls, tokens, this.input) = (run.Options, run.Contexts, run.Calls, run.Tokens, input);
        planned = input.Planning.Plan.Sections[input.Index];
        counter = input.Planning.Target.Counter;
        cleaner = new SectionCleaner(input.Request.Headings, earlierParagraphs);
        heading = input.Request.Headings == HeadingRule.FromPlan && planned.Heading is { Length: > 0 } title ? $"## {title}\n\n" : "";
        draft = new SectionDraft(input.Index, heading, cleaner);
        length = window is { } allowed ? new SectionLoop(allowed, loop, run.Decoder, text => counter.Count(heading + text), counter) : null;
    }

    /// <summary>The section once it is accepted; null when it failed.</summary>
    public WrittenSection? Accepted { get; private set; }

    /// <summary>The last decision; says why a section failed.</summary>
    public SectionOutcome? Outcome { get; private set; }

    /// <summary>Tokens of all calls so far.</summary>
    public TokenUsage Usage { get; private set; }

    /// <summary>Why the accepted section has not the length that it should have; null when it has.</summary>
    public string? LengthTrouble { get; private set; }

    public async IAsyncEnumerable<WritingUpdate> WriteAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new SectionStarted(input.Index, planned);
        do
        {
            string before = draft.Received;
            SectionContext context = contexts.Build(Shape(before));
            foreach (string drop in context.Drops)
            {
                yield return Note(WritingNoteKind.ContextDropped, drop);
            }

            await foreach (WritingUpdate update in CallAsync(context, before, cancellationToken).ConfigureAwait(false))
            {
                yield return update;
            }

            Outcome = Decide(before);
            foreach (WritingUpdate update in Apply(Outcome))
            {
                yield return update;
            }
        }
        while (Outcome.Step is not (SectionStep.Accept or SectionStep.Fail));
    }

    private SectionContextInput Shape(string before) => input with
    {
        Partial = before.Length == 0 ? null : before,
        Finishes = finishing,
        ReplyWords = AskedWords(before),
    };

    private int AskedWords(string before) => length is null
        ? Math.Max(planned.Words - counter.Count(before), Math.Min(50, planned.Words))
        : before.Length == 0 ? input.ReplyWords : length.Asked(counter.Count(heading + before));

    private async IAsyncEnumerable<WritingUpdate> CallAsync(
        SectionContext context, string before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var call = new JournaledCall(context.Messages, CallOptions(before), continuations + (100 * rewrites));
        RepetitionDetector loop = Watch(before);
        string? lead = before.Length == 0 ? null : "";
        (result, loopStart, overran) = (null, -1, false);
        await foreach (CallUpdate update in calls.CallAsync(call, cancellationToken).ConfigureAwait(false))
        {
            switch (update)
            {
                case CallText text:
                    string delta = lead is null ? text.Delta : Join(before, lead += text.Delta);
                    lead = delta.Length > 0 ? null : lead;
                    if (draft.Append(delta) is { } drafted)
                    {
                        yield return drafted;
                    }

                    if (loop.Append(delta))
                    {
                        loopStart = loop.LoopStart;
                        result = await StopAsync(call, context, before, EndCause.Repetition, cancellationToken).ConfigureAwait(false);
                    }
                    else if (length is not null && draft.IsDueForCount() && length.IsBeyond(draft.Received))
                    {
                        result = await StopAsync(call, context, before, EndCause.Stop, cancellationToken).ConfigureAwait(false);
                        overran = true;
                    }

                    break;
                case CallRestarted restarted:
                    (loop, lead) = (Watch(before), before.Length == 0 ? null : "");
                    foreach (WritingUpdate taken in draft.Replace(before, restarted.Reason))
                    {
                        yield return taken;
                    }

                    yield return Note(WritingNoteKind.CallRetried, restarted.Reason);
                    break;
                case CallRetracted retracted:
                    // A call takes back all of its text or none; what joined that text to the text before goes with it.
                    (loop, lead) = (Watch(before), before.Length == 0 ? null : "");
                    foreach (WritingUpdate taken in draft.Replace(before, retracted.Reason))
                    {
                        yield return taken;
                    }

                    break;
                case CallCompleted completed:
                    result = completed.Result;
                    break;
            }

            if (result is not null)
            {
                break;
            }
        }

        Usage += result!.Usage;
        restored &= result.Attempts == 0;
        generatedTokens += tokens.Count(draft.Received[before.Length..]);
        if (result.End == EndCause.Stop && loopStart < 0)
        {
            length?.Observe(AskedWords(before), before, draft.Received, overran);
        }
    }

    /// <summary>Ends a call that is under way. Where the client counts tokens, what it used is known.</summary>
    private ValueTask<CallResult> StopAsync(JournaledCall call, SectionContext context, string before, EndCause end, CancellationToken cancellationToken)
    {
        string text = draft.Received[before.Length..];
        return calls.StopAsync(call, text, end, tokens.UsageOfStopped(context.PromptTokens, text), cancellationToken);
    }

    private SectionOutcome Decide(string before)
    {
        // Text recorded in a journal ends where the loop was noticed, so a replay finds the same loop again.
        string text = loopStart >= 0 ? draft.Received[..Math.Clamp(loopStart, before.Length, draft.Received.Length)] : draft.Received;
        CallResult last = loopStart < 0 ? result! : result! with { End = EndCause.Repetition };
        if (before.Length > 0 && last.End == EndCause.Empty)
        {
            return DecideAfterNothing(before, last);
        }

        if (last.End == EndCause.Length && length is { } limited && limited.IsEnough(text))
        {
            (text, last) = (text[..TextBorders.LastSentenceEnd(text)], last with { End = EndCause.Stop });
        }

        var outcome = SectionOutcome.Decide(text, last, draft.Received.Length - before.Length, continuations, rewrites, options);
        if (outcome.Step != SectionStep.Accept)
        {
            return outcome;
        }

        string cleaned = cleaner.Clean(outcome.Kept, out _);
        if (cleaned.Length == 0)
        {
            return SectionOutcome.Decide("", last with { End = EndCause.Empty }, 0, continuations, rewrites, options);
        }

        if (cleaner.RepeatedShare(cleaned) > MostRepeated)
        {
            return DecideOnCopy(outcome);
        }

        return length is null || outcome.End != EndCause.Stop ? outcome : length.Judge(cleaned, outcome, endedByModel: !overran && result!.End == EndCause.Stop, CanContinue(cleaned, before));
    }

    /// <summary>A continuation brought nothing: asked again a few times, then the section is what it was before.</summary>
    private SectionOutcome DecideAfterNothing(string before, CallResult last)
    {
        if (fruitless++ < options.MaxRewrites && continuations < options.MaxContinuations)
        {
            return new SectionOutcome(SectionStep.Continue, before, keptEnd, "The continuation was empty.");
        }

        return SectionOutcome.Decide(before, last with { End = keptEnd }, 0, continuations, rewrites, options);
    }

    /// <summary>A section that is for the most part what was written before is written again, and in the end says what it is.</summary>
    private SectionOutcome DecideOnCopy(SectionOutcome outcome)
    {
        const string Reason = "Most of the section repeats earlier text.";
        return rewrites < options.MaxRewrites
            ? new SectionOutcome(SectionStep.Rewrite, "", EndCause.Repetition, Reason)
            : outcome with { End = EndCause.Repetition, Reason = Reason };
    }

    /// <summary>True while another call may add to a section that the model ended, and calls still add to it.</summary>
    private bool CanContinue(string cleaned, string before)
    {
        fruitless += counter.Count(cleaned) > counter.Count(before) ? 0 : 1;
        return continuations < options.MaxContinuations && fruitless <= options.MaxRewrites;
    }

    private List<WritingUpdate> Apply(SectionOutcome outcome)
    {
        switch (outcome.Step)
        {
            case SectionStep.Continue or SectionStep.Finish:
                continuations++;
                finishing = outcome.Step == SectionStep.Finish;
                keptEnd = outcome.End;
                return [.. draft.Replace(outcome.Kept, outcome.Reason), Note(WritingNoteKind.Continuation, outcome.Reason)];
            case SectionStep.Rewind:
                rewrites++;
                keptEnd = outcome.End;
                return [.. draft.Replace(outcome.Kept, outcome.Reason), Note(WritingNoteKind.Rewrite, outcome.Reason)];
            case SectionStep.Rewrite:
                rewrites++;
                fruitless = 0;
                return [.. draft.Replace("", outcome.Reason), Note(WritingNoteKind.Rewrite, outcome.Reason)];
            case SectionStep.Fail:
                return [.. draft.Show("", outcome.Reason)];
            default:
                return Accept(outcome);
        }
    }

    private List<WritingUpdate> Accept(SectionOutcome outcome)
    {
        string text = heading + cleaner.Clean(outcome.Kept, out IReadOnlyList<string> removed);
        Accepted = new WrittenSection
        {
            Index = input.Index,
            Planned = planned,
            Text = text,
            Words = counter.Count(text),
            End = outcome.End,
            Usage = Usage,
            Restored = restored,
            AimedWords = length?.Window.Aim ?? planned.Words,
            DiscardedTokens = Math.Max(0, generatedTokens - tokens.Count(text)),
        };
        LengthTrouble = length?.Trouble(input.Index, Accepted.Words, outcome.Reason);
        return
        [
            .. removed.Select(what => Note(WritingNoteKind.Cleaned, $"Took out {what}.")),
            .. draft.Show(text, "The section was cleaned."),
            new SectionAccepted(Accepted),
        ];
    }

    /// <summary>Options of one call. The seed differs by section and try, so that a second try is another text; after a loop, words that were used cost something.</summary>
    private ChatOptions CallOptions(string before)
    {
        ChatOptions call = options.ChatOptions?.Clone() ?? new ChatOptions();
        call.Seed = input.Request.Seed is { } seed ? seed + (1000L * input.Index) + continuations + (100 * rewrites) : call.Seed;
        if (keptEnd == EndCause.Repetition)
        {
            call.FrequencyPenalty = Math.Min(1, (call.FrequencyPenalty ?? 0) + (PenaltyAfterLoop * rewrites));
        }

        return length?.Limit(call, before.Length == 0 ? counter.Count(heading) : counter.Count(heading + before)) ?? call;
    }

    /// <summary>
    /// The beginning of a continuation as it joins the kept text, which ends with a whole sentence: nothing between after
    /// a break or in Chinese, a paragraph break where the continuation brings one, else a space.
    /// </summary>
    private static string Join(string before, string continuation)
    {
        string next = continuation.TrimStart();
        bool breaks = continuation.AsSpan(0, continuation.Length - next.Length).Contains('\n');
        return next.Length == 0 ? ""
            : char.IsWhiteSpace(before[^1]) ? next
            : breaks ? "\n\n" + next
            : IsDense(before.LastOrDefault(char.IsLetterOrDigit)) || IsDense(next.FirstOrDefault(char.IsLetterOrDigit)) ? next
            : " " + next;
    }

    /// <summary>True for scripts that put no space between sentences. Quotes are shared with other scripts, so letters decide.</summary>
    private static bool IsDense(char letter) => letter >= 0x2E80 && letter is not (>= '\uAC00' and <= '\uD7AF');

    private static RepetitionDetector Watch(string before)
    {
        var loop = new RepetitionDetector();
        loop.Append(before);
        return loop;
    }

    private WritingNoted Note(WritingNoteKind kind, string message) => new(kind, input.Index, message);
}
