using System.Runtime.CompilerServices;
using LongWriter.Calling;
using LongWriter.Text;
using Microsoft.Extensions.AI;

namespace LongWriter.Writing;

/// <summary>Writes one section: calls, continues what was cut, writes again what cannot be used, cleans, then accepts or fails. For one use.</summary>
internal sealed class SectionWriter
{
    private readonly AgentWriterOptions options;
    private readonly SectionContextBuilder contexts;
    private readonly JournaledCaller calls;
    private readonly SectionContextInput input;
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
    private EndCause keptEnd;
    private int rewrites;

    public SectionWriter(
        AgentWriterOptions options,
        SectionContextBuilder contexts,
        JournaledCaller calls,
        SectionContextInput input,
        IReadOnlyCollection<string> earlierParagraphs)
    {
        (this.options, this.contexts, this.calls, this.input) = (options, contexts, calls, input);
        planned = input.Planning.Plan.Sections[input.Index];
        counter = input.Planning.Target.Counter;
        cleaner = new SectionCleaner(input.Request.Headings, earlierParagraphs);
        heading = input.Request.Headings == HeadingRule.FromPlan && planned.Heading is { Length: > 0 } title ? $"## {title}\n\n" : "";
        draft = new SectionDraft(input.Index, heading, cleaner);
    }

    /// <summary>The section once it is accepted; null when it failed.</summary>
    public WrittenSection? Accepted { get; private set; }

    /// <summary>The last decision; says why a section failed.</summary>
    public SectionOutcome? Outcome { get; private set; }

    /// <summary>Tokens of all calls so far.</summary>
    public TokenUsage Usage { get; private set; }

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
        while (Outcome.Step is SectionStep.Continue or SectionStep.Rewrite);
    }

    private SectionContextInput Shape(string before) => input with
    {
        Partial = before.Length == 0 ? null : before,
        ReplyWords = Math.Max(planned.Words - counter.Count(before), Math.Min(50, planned.Words)),
    };

    private async IAsyncEnumerable<WritingUpdate> CallAsync(
        SectionContext context, string before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var call = new JournaledCall(context.Messages, CallOptions(), continuations + (100 * rewrites));
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
                        result = await calls.StopAsync(call, draft.Received[before.Length..], EndCause.Repetition, cancellationToken).ConfigureAwait(false);
                    }
                    else if (Overruns())
                    {
                        result = await calls.StopAsync(call, draft.Received[before.Length..], EndCause.Stop, cancellationToken).ConfigureAwait(false);
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
    }

    private SectionOutcome Decide(string before)
    {
        // Text recorded in a journal ends where the loop was noticed, so a replay finds the same loop again.
        string text = loopStart >= 0 ? draft.Received[..Math.Clamp(loopStart, before.Length, draft.Received.Length)]
            : overran ? draft.Received[..Math.Max(before.Length, TextBorders.LastSentenceEnd(draft.Received))]
            : draft.Received;
        CallResult last = loopStart < 0 ? result! : result! with { End = EndCause.Repetition };
        var outcome = SectionOutcome.Decide(text, last, draft.Received.Length - before.Length, continuations, rewrites, options);
        if (before.Length > 0 && last.End == EndCause.Empty)
        {
            return DecideAfterNothing(before, last);
        }

        if (outcome.Step != SectionStep.Accept)
        {
            return outcome;
        }

        string cleaned = cleaner.Clean(outcome.Kept, out _);
        return cleaned.Length == 0 ? SectionOutcome.Decide("", last with { End = EndCause.Empty }, 0, continuations, rewrites, options)
            : outcome.End == EndCause.Stop && IsShort(cleaned, before) ? ContinueShort(cleaned)
            : outcome;
    }

    /// <summary>A continuation brought nothing: asked again a few times, then the section is what it was before.</summary>
    private SectionOutcome DecideAfterNothing(string before, CallResult last)
    {
        if (fruitless++ < options.MaxRewrites)
        {
            return new SectionOutcome(SectionStep.Continue, before, keptEnd, "The continuation was empty.");
        }

        return SectionOutcome.Decide(before, last with { End = keptEnd }, 0, continuations, rewrites, options);
    }

    /// <summary>
    /// A section that the model ended too early goes on as a new paragraph. What the prompt shows of it is cleaned, so that what
    /// was wrong with it is not taken for an example.
    /// </summary>
    private SectionOutcome ContinueShort(string cleaned) => new(
        SectionStep.Continue, cleaned + DocumentText.Separator, EndCause.Stop, $"The section ended with {counter.Count(cleaned)} of {planned.Words} words.");

    /// <summary>True when the section is beyond what its budget allows; asked at times, since counting takes a look at all of it.</summary>
    private bool Overruns() => options.MaxSectionFill > 0 && draft.IsDueForCount()
        && counter.Count(draft.Received) > options.MaxSectionFill * planned.Words;

    /// <summary>True when a section that the model ended is to be continued: it is short, and the calls still add to it.</summary>
    private bool IsShort(string cleaned, string before)
    {
        if (continuations >= options.MaxContinuations || counter.Count(cleaned) >= options.MinSectionFill * planned.Words)
        {
            return false;
        }

        fruitless += cleaned.Length > before.AsSpan().Trim().Length ? 0 : 1;
        return fruitless <= options.MaxRewrites;
    }

    private List<WritingUpdate> Apply(SectionOutcome outcome)
    {
        switch (outcome.Step)
        {
            case SectionStep.Continue:
                continuations++;
                keptEnd = outcome.End;
                return [.. draft.Replace(outcome.Kept, outcome.Reason), Note(WritingNoteKind.Continuation, outcome.Reason)];
            case SectionStep.Rewrite:
                rewrites++;
                (continuations, fruitless) = (0, 0);
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
        };
        return
        [
            .. removed.Select(what => Note(WritingNoteKind.Cleaned, $"Took out {what}.")),
            .. draft.Show(text, "The section was cleaned."),
            new SectionAccepted(Accepted),
        ];
    }

    /// <summary>Options of one call. The seed differs by section and try, so that a second try is another text.</summary>
    private ChatOptions CallOptions()
    {
        ChatOptions call = options.ChatOptions?.Clone() ?? new ChatOptions();
        call.Seed = input.Request.Seed is { } seed ? seed + (1000L * input.Index) + continuations + (100 * rewrites) : call.Seed;
        return call;
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
