using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace LongWriter.Calling;

/// <summary>The Polly pipeline of one call: retry around a time-out.</summary>
internal static class RetryPipeline
{
    /// <summary>Builds it anew for each call: its jitter is seeded per call, so parallel calls do not change each other's waits.</summary>
    public static ResiliencePipeline<ReplyDraft> Build(
        ModelCallOptions options, int callSeed, RetryRules rules, TimeProvider time, Func<OnRetryArguments<ReplyDraft>, ValueTask> onRetry)
    {
        var builder = new ResiliencePipelineBuilder<ReplyDraft> { TimeProvider = time };
        if (options.MaxAttempts > 1)
        {
            builder.AddRetry(new RetryStrategyOptions<ReplyDraft>
            {
                MaxRetryAttempts = options.MaxAttempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.BaseRetryDelay,
                MaxDelay = options.MaxRetryDelay,
                Randomizer = Jitter(options.RetrySeed, callSeed).NextDouble,
                ShouldHandle = args => ValueTask.FromResult(
                    args.Outcome.Exception is { } exception && !args.Context.CancellationToken.IsCancellationRequested && rules.MayRetry(exception)),

                // Null leaves Polly's own computation in force.
                DelayGenerator = args => ValueTask.FromResult((args.Outcome.Exception as ModelCallException)?.RetryAfter),
                OnRetry = onRetry,
            });
        }

        return builder.AddTimeout(new TimeoutStrategyOptions { Timeout = options.CallTimeout }).Build();
    }

    /// <summary>The source of a call's jitter.</summary>
    internal static Random Jitter(int optionsSeed, int callSeed)
    {
        // An odd multiplier keeps (0, 1) and (1, 0) apart. Jitter is no secret, so a seeded generator is right.
#pragma warning disable CA5394
        return new Random(unchecked((optionsSeed * 486187739) + callSeed));
#pragma warning restore CA5394
    }
}
