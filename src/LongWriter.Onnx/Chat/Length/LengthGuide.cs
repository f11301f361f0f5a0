using LongWriter.Onnx.Decoding;

namespace LongWriter.Onnx.Chat.Length;

/// <summary>
/// Holds one reply inside its <see cref="LengthWindow"/>. It reads the text as it grows, ends it at the sentence border that is nearest to the target, and
/// before that keeps the model from ending it elsewhere. Cost: LengthWindowBenchmarks. Not safe for concurrent use.
/// </summary>
/// <remarks>
/// At a sentence border the mean sentence so far tells whether one more would come nearer to the target; if not, the reply is over. That is so from half a
/// mean sentence before the target on, so the maximum matters only to a sentence that does not end: a full stop is made likelier and likelier there.
/// </remarks>
/// <param name="window">What is asked for.</param>
/// <param name="endIds">Tokens that end a reply.</param>
/// <param name="tokens">Favoured where the model would rather do something else.</param>
internal sealed class LengthGuide(LengthWindow window, IReadOnlyList<int> endIds, GuideTokens tokens) : ILogitsProcessor
{
    /// <summary>Words beyond the maximum at which a reply ends in mid-sentence: some three sentences of English, two of Chinese.</summary>
    public const int OverrunWords = 64;

    /// <summary>Of the first sentence, before there are any.</summary>
    private const int ExpectedSentenceWords = 20;

    /// <summary>An end is made less likely by e to the power of this for every mean sentence that is missing to the target.</summary>
    private const float PenaltyPerSentence = 4;

    /// <summary>Added to the logit of a full stop at the end of the overrun, and less before.</summary>
    private const float LargestStopBias = 8;

    private readonly int[] endIds = [.. endIds];
    private readonly int[] otherSpecialIds = [.. tokens.SpecialIds.Except(endIds)];
    private readonly RunningWordCount count = new(window.Counter);
    private readonly SentenceTracker sentences = new();
    private bool isTextCertain = true;
    private int waitingNewlines;

    /// <summary>Set when the reply is over; null while it goes on, and when the model ended it.</summary>
    public LengthEnd? End { get; private set; }

    /// <summary>Words of the reply so far.</summary>
    public int Words => count.Words;

    private bool IsAtSentenceEnd => isTextCertain && sentences.IsAtEnd;

    /// <summary>Words of a sentence of this reply, the expected first one counted in.</summary>
    private double MeanSentenceWords => (double)(Words + ExpectedSentenceWords) / (sentences.Sentences + 1);

    /// <summary>Whether one more sentence would lead away from the target.</summary>
    private bool IsLongEnough => Words >= window.MinimumWords && Words >= window.TargetWords - (MeanSentenceWords / 2);

    /// <summary>Takes a token and the text that became certain with it, mostly its own.</summary>
    public void Append(int id, string piece)
    {
        // The bytes of an unfinished character wait for the others, and so do newlines where they are tokens for bytes.
        isTextCertain = piece.Length > 0;
        waitingNewlines = isTextCertain ? 0 : waitingNewlines + (id == tokens.Of('\n') ? 1 : 0);
        count.Append(piece);
        sentences.Append(piece);
        End = Decide();
    }

    public void Process(Span<float> logits)
    {
        if (isTextCertain && IsLongEnough && sentences.MissingCloser is { } closer && tokens.Of(closer) is { } closing)
        {
            // The sentence is complete and the reply long enough, but for the quote around it.
            logits.Fill(float.NegativeInfinity);
            logits[closing] = 0;
            return;
        }

        if (sentences.IsAtEnd && (isTextCertain || waitingNewlines > 0))
        {
            FavourParagraph(logits);
        }

        if (Words > window.MaximumWords && char.IsLetterOrDigit(sentences.Last) && tokens.Of(IsWide(sentences.Last) ? '。' : '.') is { } stop)
        {
            logits[stop] += LargestStopBias * (Words - window.MaximumWords) / OverrunWords;
        }

        // Inside a sentence the model must choose among what goes on, and a turn that may not end must not begin another one instead.
        foreach (int id in otherSpecialIds)
        {
            logits[id] = float.NegativeInfinity;
        }

        float bias = IsAtSentenceEnd && Words >= window.MinimumWords ? EndBias() : float.NegativeInfinity;
        foreach (int id in endIds)
        {
            logits[id] += bias;
        }
    }

    private LengthEnd? Decide() =>
        IsAtSentenceEnd && IsLongEnough ? LengthEnd.AtBorder
        : isTextCertain && sentences.IsAtBlankLine && Words >= window.MaximumWords ? LengthEnd.AtBorder
        : Words - window.MaximumWords >= OverrunWords ? LengthEnd.Overrun
        : null;

    private float EndBias() => -PenaltyPerSentence * (float)((window.TargetWords - Words) / MeanSentenceWords);

    /// <summary>Gives the probability of the ends to the token that is missing to a blank line: what would have been an end becomes a new paragraph.</summary>
    private void FavourParagraph(Span<float> logits)
    {
        if (tokens.ForBlankLine(sentences.Newlines + waitingNewlines) is { } newline)
        {
            foreach (int id in endIds)
            {
                logits[newline] = LogOfSum(logits[newline], logits[id]);
            }
        }
    }

    /// <summary>log(e^a + e^b), also where one is minus infinity.</summary>
    private static float LogOfSum(float a, float b) =>
        float.IsNegativeInfinity(b) ? a : MathF.Max(a, b) + MathF.Log(1 + MathF.Exp(-MathF.Abs(a - b)));

    private static bool IsWide(char c) => c >= '\u2E80';
}
