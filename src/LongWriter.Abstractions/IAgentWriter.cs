namespace LongWriter;

/// <summary>Writes long documents with a language model: plans first, then writes section after section.</summary>
/// <remarks>
/// Safe for concurrent use: each call is a run of its own. Does not dispose the chat client it writes with.
/// Source: AgentWrite (Bai et al., LongWriter, ICLR 2025), see docs/fidelity.md for what differs.
/// </remarks>
public interface IAgentWriter
{
    /// <summary>Starts a new document and streams it while it is written.</summary>
    /// <param name="request">What to write. Copied at the call; later changes have no effect.</param>
    /// <param name="journal">Where to record the run so that it can be resumed, or null to keep nothing. Must be empty.</param>
    /// <param name="cancellationToken">Stops the run. What was accepted so far stays in the journal.</param>
    /// <returns>Updates in document order; fold them with <see cref="WritingUpdateExtensions.ToWrittenDocumentAsync"/>.</returns>
    /// <exception cref="ArgumentException">The request is not usable; the message lists every problem.</exception>
    /// <exception cref="PlanFormatException">No usable plan, and the policy is to fail.</exception>
    /// <exception cref="ContextBudgetException">The instruction alone does not fit the model's context.</exception>
    /// <exception cref="JournalException">The journal already holds a run, or cannot be written.</exception>
    /// <exception cref="ModelCallException">Planning failed. A section that fails does not throw: it ends the document, see <see cref="DocumentEnded"/>.</exception>
    IAsyncEnumerable<WritingUpdate> WriteStreamingAsync(
        WritingRequest request, IWritingJournal? journal = null, CancellationToken cancellationToken = default);

    /// <summary>Continues a run from its journal. Calls to the model that were completed are not made again.</summary>
    /// <param name="journal">The journal of the run; must hold a request.</param>
    /// <param name="change">
    /// Changes the recorded request (another plan, say) before continuing, or null. Sections whose inputs are
    /// unchanged are kept, the others are written anew.
    /// </param>
    /// <param name="cancellationToken">Stops the run again.</param>
    /// <returns>The whole document's updates: restored sections first, marked as such, then new ones.</returns>
    /// <exception cref="JournalException">The journal is empty, damaged before its last record, or of another program.</exception>
    IAsyncEnumerable<WritingUpdate> ResumeStreamingAsync(
        IWritingJournal journal, Func<WritingRequest, WritingRequest>? change = null, CancellationToken cancellationToken = default);

    /// <summary>Makes the plan alone, as <see cref="WriteStreamingAsync"/> would; give it back in <see cref="WritingRequest.Plan"/>.</summary>
    /// <param name="request">What to plan.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The plan, rescaled to the target, with the usage it cost.</returns>
    Task<PlanningResult> PlanAsync(WritingRequest request, CancellationToken cancellationToken = default);

    /// <summary>Says what writing would take without calling the model.</summary>
    /// <param name="request">What would be written. Without a plan an even one is assumed.</param>
    /// <returns>Calls and tokens, estimated.</returns>
    WritingEstimate Estimate(WritingRequest request);
}
