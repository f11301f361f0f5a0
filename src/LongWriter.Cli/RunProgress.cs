namespace LongWriter.Cli;

/// <summary>Numbers of a run that views show: words against the target, speed, time left.</summary>
internal sealed class RunProgress(TimeProvider time)
{
    private const int CharsPerWord = 6;
    private const double TokensPerWord = 1.3;

    /// <summary>Words and seconds of this run before its pace is worth showing.</summary>
    private const int MinPaceWords = 30;
    private const double MinPaceSeconds = 0.5;

    private readonly long started = time.GetTimestamp();
    private long writingStarted = time.GetTimestamp();
    private int newWords;
    private long newTokens;
    private int draftChars;
    private bool isReplay;

    public PlanningResult? Planning { get; private set; }

    public int AcceptedWords { get; private set; }

    /// <summary>Tokens that were generated for accepted sections and are not in them.</summary>
    public long DiscardedTokens { get; private set; }

    public int CurrentSection { get; private set; } = -1;

    /// <summary>Whether the document counts in 字 instead of words.</summary>
    public bool IsCharacters => Planning?.Target.Unit == LengthUnit.Characters;

    /// <summary>Words of the section being written, estimated from its characters; the exact count comes when it is accepted.</summary>
    public int CurrentWords => IsCharacters ? draftChars : draftChars / CharsPerWord;

    public TimeSpan Elapsed => time.GetElapsedTime(started);

    /// <summary>Tokens a second since writing began; those of the section being written are estimated. Null while there is no pace.</summary>
    public double? TokensPerSecond => HasPace
        ? (newTokens + (CurrentWords * (newTokens == 0 ? TokensPerWord : (double)newTokens / newWords))) / WritingSeconds
        : null;

    /// <summary>Time left at the pace so far; null while there is no pace.</summary>
    public TimeSpan? TimeLeft => HasPace
        ? TimeSpan.FromSeconds(WritingSeconds / (newWords + CurrentWords) * Math.Max(0, Planning!.Plan.TotalWords - AcceptedWords - CurrentWords))
        : null;

    // What comes from the journal comes at once and says nothing about the model.
    private bool HasPace => Planning is not null && !isReplay && newWords + CurrentWords >= MinPaceWords && WritingSeconds >= MinPaceSeconds;

    private double WritingSeconds => time.GetElapsedTime(writingStarted).TotalSeconds;

    public void Add(WritingUpdate update)
    {
        switch (update)
        {
            case PlanReady plan:
                (Planning, isReplay, writingStarted) = (plan.Planning, plan.Restored, time.GetTimestamp());
                break;
            case PlanRevised revised:
                Planning = revised.Planning;
                break;
            case SectionStarted section:
                (CurrentSection, draftChars) = (section.SectionIndex, 0);
                break;
            case TextDrafted text:
                draftChars += text.Text.Length;
                break;
            case TextRetracted text:
                draftChars -= text.CharCount;
                break;
            case SectionAccepted { Section: var section }:
                AcceptedWords += section.Words;
                DiscardedTokens += section.DiscardedTokens;
                draftChars = 0;
                Pace(section);
                break;
        }
    }

    private void Pace(WrittenSection section)
    {
        if (section.Restored)
        {
            writingStarted = time.GetTimestamp();
            return;
        }

        isReplay = false;
        newWords += section.Words;
        newTokens += section.Usage.OutputTokens;
    }
}
