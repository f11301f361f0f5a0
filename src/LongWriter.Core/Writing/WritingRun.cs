using LongWriter.Calling;
using LongWriter.Prompts;
using Microsoft.Extensions.AI;

namespace LongWriter.Writing;

/// <summary>Everything that belongs to one run of the writer: its request, its tools, and the text so far.</summary>
internal sealed class WritingRun
{
    private readonly List<TextPart> parts = [];
    private readonly HashSet<string> paragraphs = [];
    private readonly List<int> asked = [];
    private readonly AgentWriterOptions options;
    private TextSummary? summary;
    private LengthLoop? loop;
    private int produced;
    private string? lengthTrouble;

    public WritingRun(WritingRequest request, AgentWriterOptions options, IChatClient client, ModelCaller caller, RunJournal journal)
    {
        (Request, this.options, Journal) = (request, options, journal);
        Prompts = PromptSet.Load(PromptLanguage.IsChinese(request), options.Prompts, options.PromptFiles);
        Tokens = new TokenBudget(client.GetService<ITokenCounter>(), options.ContextWindowTokens);
        Trunk = new TrunkKeeper(options.ParallelSections == 1 ? client.GetService<IDocumentTrunk>() : null, journal.CompanionPath(TrunkKeeper.FileName));
        Calls = new JournaledCaller(caller, journal, client.GetService<ChatClientMetadata>()?.DefaultModelId, Trunk);
        Decoder = client.GetService<ILengthWindow>();
        Contexts = new SectionContextBuilder(Prompts, Tokens, options.Context);
        StructuredPlan = options.PlanFormat == PlanFormat.Json
            || (options.PlanFormat == PlanFormat.Auto && client.GetService<IStructuredOutput>() is { SupportsJsonSchema: true });
    }

    public WritingRequest Request { get; }

    public RunJournal Journal { get; }

    public AgentWriterOptions Options => options;

    /// <summary>The client's own steering of lengths, or null.</summary>
    public ILengthWindow? Decoder { get; }

    public PromptSet Prompts { get; }

    public TokenBudget Tokens { get; }

    public JournaledCaller Calls { get; }

    /// <summary>What the client computed for the document, kept for a resumed run.</summary>
    public TrunkKeeper Trunk { get; }

    public SectionContextBuilder Contexts { get; }

    public bool StructuredPlan { get; }

    /// <summary>The plan; set once it is known.</summary>
    public PlanningResult Planning { get; set; } = null!;

    /// <summary>Tokens of the run so far.</summary>
    public TokenUsage Usage { get; set; }

    /// <summary>What ended the document, as far as is known.</summary>
    public EndCause End { get; set; } = EndCause.Stop;

    public string? Failure { get; set; }

    public Planner NewPlanner() => new(Request, options, Prompts, Tokens, Calls, StructuredPlan);

    /// <summary>Takes the plan; the run's lengths are held to it from here on.</summary>
    public void Begin(PlanningResult planning)
    {
        Planning = planning;
        Usage += planning.Usage;
        loop = options.Length == LengthControl.Closed ? new LengthLoop(planning, options, Decoder is not null) : null;
    }

    /// <summary>A writer for a section that sees the text before it.</summary>
    public SectionWriter NewSectionWriter(int index)
    {
        SectionWindow? window = loop?.WindowOf(index);
        int words = window is { } allowed ? loop!.Ask(allowed.Aim) : Planning.Plan.Sections[index].Words;
        asked.Add(words);
        return new SectionWriter(this, Input(index, parts) with { ReplyWords = words }, window, loop, paragraphs);
    }

    /// <summary>A writer for a section that sees no other text, and is held to its budget as if the sections before it had theirs, as far as they are not known.</summary>
    public SectionWriter NewBlindSectionWriter(int index)
    {
        SectionWindow? window = loop?.WindowOf(index);
        int words = window?.Aim ?? Planning.Plan.Sections[index].Words;
        int[] blind = [.. Planning.Plan.Sections.Take(index).Select(section => section.Words), words];
        return new SectionWriter(this, Input(index, []) with { ReplyWords = words, Asked = blind }, window, null, []);
    }

    /// <summary>What became of the length, so far.</summary>
    public LengthOutcome Length
    {
        get
        {
            var outcome = new LengthOutcome(Planning.Target, produced);
            return outcome.IsMet ? outcome : outcome with { Reason = Failure ?? lengthTrouble ?? (loop is null ? "Lengths were not controlled." : null) };
        }
    }

    /// <summary>Plans anew what remains, where the sections that remain can no longer hold it.</summary>
    public async ValueTask<PlanRevised?> ReplanAsync(CancellationToken cancellationToken)
    {
        string reason = "";
        if (loop?.Replan(Planning.Plan, out reason) is not { } plan)
        {
            return null;
        }

        Planning = Planning with { Plan = plan, Adjustments = [.. Planning.Adjustments, reason] };
        await Journal.AppendAsync(PlanRecord.From(Planning), cancellationToken).ConfigureAwait(false);
        return new PlanRevised(Planning, reason);
    }

    /// <summary>Takes an accepted section into the text so far.</summary>
    public async ValueTask AcceptAsync(SectionWriter writer, WrittenSection section, CancellationToken cancellationToken)
    {
        loop?.Accept(section.Words);
        produced += section.Words;
        lengthTrouble = writer.LengthTrouble ?? lengthTrouble;
        int tokens = Tokens.Count(section.Text);
        if (options.ParallelSections == 1)
        {
            // Sections written at the same time must not depend on which of them was accepted first.
            Tokens.Learn(tokens, section.Words);
        }

        parts.Add(new TextPart(section.Text, tokens));
        paragraphs.UnionWith(SectionCleaner.ComparableParagraphs(section.Text));
        End = End == EndCause.Stop ? section.End : End;
        await Journal.AppendAsync(
            new SectionRecord(section.Index, section.Text, section.Words, section.End, section.Usage, section.AimedWords, section.DiscardedTokens), cancellationToken).ConfigureAwait(false);
        await Trunk.SaveAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Where the policy wants a running summary and the next section's prompt would leave out text that no summary
    /// covers yet, has the model sum it up.
    /// </summary>
    public async ValueTask<WritingNoted?> SummariseAsync(int index, CancellationToken cancellationToken)
    {
        if (!options.RunningSummary || Tokens.WindowTokens < options.RunningSummaryMinContextTokens)
        {
            return null;
        }

        SectionContext context = Contexts.Build(Input(index, parts) with { ReplyWords = Planning.Plan.Sections[index].Words });
        int covered = summary?.Sections ?? 0;
        if (context.Drops.Count == 0 || context.FirstShownSection <= covered)
        {
            return null;
        }

        string text = DocumentText.Join([summary?.Text ?? "", .. parts[covered..context.FirstShownSection].Select(part => part.Text)]);
        string words = PromptWording.Amount(options.RunningSummaryWords, Planning.Target.Unit, Prompts.IsChinese);
        string fitting = TextCut.Tail(text, Tokens.PromptTokens(options.RunningSummaryWords) - 200, Tokens);
        var messages = new List<ChatMessage> { new(ChatRole.User, Prompts[PromptNames.Summary].Render(("TEXT", fitting), ("WORDS", words))) };
        ChatOptions call = options.ChatOptions?.Clone() ?? new ChatOptions();
        call.Seed = Request.Seed is { } seed ? seed + (1000L * index) + 999 : call.Seed;
        CallResult? result = null;
        await foreach (CallUpdate update in Calls.CallAsync(new JournaledCall(messages, call, 0), cancellationToken).ConfigureAwait(false))
        {
            result = (update as CallCompleted)?.Result ?? result;
        }

        Usage += result!.Usage;
        if (result.End != EndCause.Stop)
        {
            return new WritingNoted(WritingNoteKind.Summarised, index, $"No summary of paragraphs 1 to {context.FirstShownSection}: the call ended with {result.End}.");
        }

        summary = new TextSummary(result.Text.Trim(), context.FirstShownSection);
        return new WritingNoted(WritingNoteKind.Summarised, index, $"Paragraphs 1 to {summary.Sections} were summed up for the prompts that follow.");
    }

    private SectionContextInput Input(int index, List<TextPart> earlier) => new()
    {
        Request = Request,
        Planning = Planning,
        Index = index,
        Asked = [.. asked],
        Earlier = earlier,
        ReplyWords = Planning.Plan.Sections[index].Words,
        Summary = earlier.Count == 0 ? null : summary,
    };
}
