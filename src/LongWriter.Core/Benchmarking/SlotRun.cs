namespace LongWriter.Benchmarking;

/// <summary>One result to make, or to complete.</summary>
/// <param name="Subject">Who writes.</param>
/// <param name="Item">What is asked.</param>
/// <param name="Repeat">Which repetition.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Earlier">What an earlier start left: a failure to write anew, or a text that is not judged or measured yet; null for none.</param>
internal sealed record RunSlot(IBenchmarkSubject Subject, BenchmarkItem Item, int Repeat, long Seed, BenchmarkResult? Earlier)
{
    /// <summary>The text to go on with; null where one must be written.</summary>
    public BenchmarkResult? Text => Earlier is { Failure: null } ? Earlier : null;
}

/// <summary>Runs a slot: write, judge, measure, record.</summary>
internal sealed class SlotRun(BenchmarkRunnerOptions options, TimeProvider time)
{
    /// <summary>Whether a text that stands still needs a judgement or a measurement.</summary>
    public bool IsMissing(BenchmarkResult result) => NeedsJudgement(result) || NeedsNll(result);

    public async ValueTask RunAsync(RunSlot slot, RunResults results, CancellationToken cancellationToken)
    {
        BenchmarkResult result = slot.Text ?? await WriteAsync(slot, cancellationToken).ConfigureAwait(false);
        BenchmarkResult written = result;
        try
        {
            result = await MeasureAsync(result, cancellationToken).ConfigureAwait(false);
        }
        catch when (slot.Text is null)
        {
            // A stopped run, or a judge that is used wrongly: the text has cost more than either and is kept without.
            results.Add(written);
            throw;
        }

        results.Add(result);
    }

    private async Task<BenchmarkResult> WriteAsync(RunSlot slot, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        SubjectReply reply;
        try
        {
            reply = await slot.Subject.WriteAsync(slot.Item, slot.Seed, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            reply = new SubjectReply { Text = "", End = EndOf(e), Failure = FailureOf(e) };
        }

        cancellationToken.ThrowIfCancellationRequested();
        return new BenchmarkResult
        {
            Id = slot.Item.Id,
            Subject = slot.Subject.Manifest.Name,
            Repeat = slot.Repeat,
            Seed = slot.Seed,
            Prompt = slot.Item.Prompt,
            Language = slot.Item.Language,
            Type = slot.Item.Type,
            Required = slot.Item.RequiredWords,
            Produced = WordCounter.Compatible.Count(reply.Text),
            Text = reply.Text,
            End = reply.End,
            Failure = reply.Failure,
            Seconds = time.GetElapsedTime(started).TotalSeconds,
            Usage = reply.Usage,
            DiscardedTokens = reply.DiscardedTokens,
            Sections = reply.Sections,
        };
    }

    private async Task<BenchmarkResult> MeasureAsync(BenchmarkResult result, CancellationToken cancellationToken)
    {
        if (result.Failure is not null)
        {
            return result;
        }

        if (NeedsJudgement(result))
        {
            result = result with { Judgement = await options.Judge!.Judge.JudgeAsync(result.Prompt, result.Text, cancellationToken).ConfigureAwait(false) };
        }

        return NeedsNll(result) ? await WithNllAsync(result, cancellationToken).ConfigureAwait(false) : result;
    }

    private async Task<BenchmarkResult> WithNllAsync(BenchmarkResult result, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<NllPoint> points = await options.Nll!.MeasureAsync(result.Text, cancellationToken).ConfigureAwait(false);
            return result with { Nll = points, NllFailure = null };
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return result with { Nll = null, NllFailure = FailureOf(e) };
        }
    }

    private bool NeedsJudgement(BenchmarkResult result) =>
        options.Judge is not null && (result.Judgement is not { } judgement || (options.RetryFailed && judgement.Failure is not null));

    private bool NeedsNll(BenchmarkResult result) =>
        options.Nll is not null && result.Nll is null && (result.NllFailure is null || options.RetryFailed);

    private static EndCause EndOf(Exception exception) => exception is ContextBudgetException ? EndCause.ContextLimit : EndCause.Error;

    private static string FailureOf(Exception exception) => exception switch
    {
        ModelCallException or ContextBudgetException or PlanFormatException => exception.Message,
        OperationCanceledException => $"The subject cancelled by itself: {exception.Message}",
        _ => $"{exception.GetType().Name}: {exception.Message}",
    };
}
