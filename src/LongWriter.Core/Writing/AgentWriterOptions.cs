using LongWriter.Calling;
using LongWriter.Prompts;
using Microsoft.Extensions.AI;

namespace LongWriter.Writing;

/// <summary>Options of <see cref="AgentWriter"/>. Copied when the writer is made; later changes have no effect.</summary>
public sealed record AgentWriterOptions
{
    /// <summary>Smallest budget of a planned section, in words or 字. Range [20, 5000]; the default is 200, the paper's.</summary>
    public int MinSectionWords { get; set; } = 200;

    /// <summary>Largest budget of a planned section, in words or 字. Range [2 × MinSectionWords, 20000]; the default is 1000, the paper's.</summary>
    public int MaxSectionWords { get; set; } = 1000;

    /// <summary>A target up to this many words or 字 is written as one section, without a plan. Range [0, 20000]; the default is 1000.</summary>
    public int SingleSectionWords { get; set; } = 1000;

    /// <summary>Length of a document when the request, the instruction and the model state none. Range [1, 1000000]; the default is 2000.</summary>
    public int DefaultWords { get; set; } = 2000;

    /// <summary>Counts words where the request brings no counter of its own. The default is <see cref="WordCounter.Unicode"/>.</summary>
    public WordCounter Counter { get; set; } = WordCounter.Unicode;

    /// <summary>How the model is asked for the plan. The default is <see cref="PlanFormat.Auto"/>.</summary>
    public PlanFormat PlanFormat { get; set; } = PlanFormat.Auto;

    /// <summary>How often the model is told what was wrong with its plan. Range [0, 10]; the default is 2.</summary>
    public int MaxPlanRepairs { get; set; } = 2;

    /// <summary>What happens when there is no usable plan after the repairs. The default is <see cref="PlanFallback.Even"/>.</summary>
    public PlanFallback PlanFallback { get; set; } = PlanFallback.Even;

    /// <summary>How instruction, plan and text so far reach the model. The default is <see cref="ContextLayout.Conversation"/>.</summary>
    public ContextLayout Context { get; set; } = ContextLayout.Conversation;

    /// <summary>
    /// Tokens that prompt and reply may take together, where the client offers no <see cref="ITokenCounter"/>.
    /// Tokens are then estimated from the text. Range [512, 100000000]; the default is 32768.
    /// </summary>
    public int ContextWindowTokens { get; set; } = 32_768;

    /// <summary>Whether the model sums up text that no longer fits. The default is false: older text is left out.</summary>
    public bool RunningSummary { get; set; }

    /// <summary>Below this context window no running summary is made. Range [512, 100000000]; the default is 8192 tokens.</summary>
    public int RunningSummaryMinContextTokens { get; set; } = 8_192;

    /// <summary>Length asked of a running summary, in words or 字. Range [20, 2000]; the default is 200.</summary>
    public int RunningSummaryWords { get; set; } = 200;

    /// <summary>
    /// How many sections are written at the same time. 1, the default, is sequential: each section sees the text before it.
    /// More than 1 writes every section without the text before it; the paper measured coherence 6% lower for that.
    /// Range [1, 64].
    /// </summary>
    public int ParallelSections { get; set; } = 1;

    /// <summary>How often a section that was cut, or is too short, is continued. Range [0, 100]; the default is 8.</summary>
    public int MaxContinuations { get; set; } = 8;

    /// <summary>How often a section that is empty, refused, filtered or runs into a loop is written again. Range [0, 20]; the default is 4.</summary>
    public int MaxRewrites { get; set; } = 4;

    /// <summary>What happens to a section that is still cut, or loops, after all tries. The default is <see cref="CutSectionPolicy.AcceptTrimmed"/>.</summary>
    public CutSectionPolicy CutSections { get; set; } = CutSectionPolicy.AcceptTrimmed;

    /// <summary>
    /// Options for every call (temperature, model, reasoning, …), cloned for each; response format and seed are set by the writer.
    /// MaxOutputTokens holds for each call, not for the document. Tools are refused. Null: the client's defaults.
    /// </summary>
    public ChatOptions? ChatOptions { get; set; }

    /// <summary>Retries and time-outs of a single call.</summary>
    public ModelCallOptions Calls { get; set; } = new();

    /// <summary>Whether lengths are measured and corrected while the document is written. The default is <see cref="LengthControl.Closed"/>.</summary>
    public LengthControl Length { get; set; }

    /// <summary>How much the prompts explain. The default is <see cref="PromptStyle.Full"/>.</summary>
    public PromptStyle Prompts { get; set; } = PromptStyle.Full;

    /// <summary>Files that replace prompts, by a name of <see cref="PromptNames"/>. The default is none.</summary>
    public IReadOnlyDictionary<string, string> PromptFiles { get; set; } = new Dictionary<string, string>();

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">At least one option is out of range; the message lists all of them.</exception>
    public void Validate()
    {
        IReadOnlyList<string> errors = FindErrors();
        if (errors.Count > 0)
        {
            throw new ArgumentException($"{nameof(AgentWriterOptions)}: {string.Join(" ", errors)}");
        }
    }

    /// <summary>One sentence for each option that is out of range: name, value, allowed.</summary>
    internal IReadOnlyList<string> FindErrors()
    {
        var errors = new List<string>();
        Range(nameof(MinSectionWords), MinSectionWords, 20, 5_000);
        Range(nameof(MaxSectionWords), MaxSectionWords, 2 * Math.Max(MinSectionWords, 20), 20_000);
        Range(nameof(SingleSectionWords), SingleSectionWords, 0, 20_000);
        Range(nameof(DefaultWords), DefaultWords, 1, LengthTarget.MaxValue);
        Range(nameof(MaxPlanRepairs), MaxPlanRepairs, 0, 10);
        Range(nameof(ContextWindowTokens), ContextWindowTokens, 512, 100_000_000);
        Range(nameof(RunningSummaryMinContextTokens), RunningSummaryMinContextTokens, 512, 100_000_000);
        Range(nameof(RunningSummaryWords), RunningSummaryWords, 20, 2_000);
        Range(nameof(ParallelSections), ParallelSections, 1, 64);
        Range(nameof(MaxContinuations), MaxContinuations, 0, 100);
        Range(nameof(MaxRewrites), MaxRewrites, 0, 20);
        NotNull(nameof(Counter), Counter);
        NotNull(nameof(Calls), Calls);
        NotNull(nameof(PromptFiles), PromptFiles);
        Defined(nameof(PlanFormat), PlanFormat);
        Defined(nameof(PlanFallback), PlanFallback);
        Defined(nameof(Context), Context);
        Defined(nameof(CutSections), CutSections);
        Defined(nameof(Length), Length);
        Defined(nameof(Prompts), Prompts);

        if (ChatOptions?.Tools is { Count: > 0 } tools)
        {
            errors.Add($"{nameof(ChatOptions)}.{nameof(ChatOptions.Tools)} must be empty but holds {tools.Count}: the writer calls no tools.");
        }

        foreach ((string name, string path) in PromptFiles ?? new Dictionary<string, string>())
        {
            if (PromptSet.FindError(name, path) is { } error)
            {
                errors.Add(error);
            }
        }

        Calls?.Validate(errors);
        return errors;

        void Range(string name, int value, int min, int max)
        {
            if (value < min || value > max)
            {
                errors.Add($"{name} must be in [{min}, {max}] but is {value}.");
            }
        }

        void NotNull(string name, object? value)
        {
            if (value is null)
            {
                errors.Add($"{name} must not be null.");
            }
        }

        void Defined<T>(string name, T value)
            where T : struct, Enum
        {
            if (!Enum.IsDefined(value))
            {
                errors.Add($"{name} must be {string.Join(" or ", Enum.GetNames<T>())} but is {value}.");
            }
        }
    }
}

/// <summary>How the model is asked for a plan.</summary>
public enum PlanFormat
{
    /// <summary>JSON by schema where the client offers <see cref="IStructuredOutput"/>, lines of text otherwise.</summary>
    Auto,

    /// <summary>Lines of text.</summary>
    Text,

    /// <summary>JSON by schema.</summary>
    Json,
}

/// <summary>What happens when the model gives no usable plan.</summary>
public enum PlanFallback
{
    /// <summary>An even plan is made from the instruction, and recorded as such.</summary>
    Even,

    /// <summary>The run fails with a <see cref="PlanFormatException"/>.</summary>
    Fail,
}

/// <summary>How instruction, plan and text so far reach the model.</summary>
public enum ContextLayout
{
    /// <summary>A conversation that only grows: instruction and plan, then a turn for each section. Caches serve all but the last turn.</summary>
    Conversation,

    /// <summary>One message for each section with everything in it: the paper's form.</summary>
    SinglePrompt,
}

/// <summary>What happens to a section that is still cut after all tries.</summary>
public enum CutSectionPolicy
{
    /// <summary>It is cut back to its last whole sentence and accepted with its true end cause; the document then carries that cause.</summary>
    AcceptTrimmed,

    /// <summary>The run ends with that cause. What was accepted before stays in the journal.</summary>
    Fail,
}
