using Microsoft.Extensions.AI;

namespace LongWriter.Writing;

/// <summary>What one call for a section sees.</summary>
/// <param name="Messages">The messages, in order.</param>
/// <param name="PromptTokens">Their tokens, counted or estimated.</param>
/// <param name="FirstShownSection">The first earlier section of which some text is shown; the section itself when none is.</param>
/// <param name="Drops">What was left out because it did not fit, one sentence each; empty when everything fits.</param>
internal sealed record SectionContext(
    IReadOnlyList<ChatMessage> Messages, int PromptTokens, int FirstShownSection, IReadOnlyList<string> Drops);

/// <summary>What a section's context is made from.</summary>
internal sealed record SectionContextInput
{
    public required WritingRequest Request { get; init; }

    public required PlanningResult Planning { get; init; }

    /// <summary>The section to write, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Words that were asked for each section up to this one, which the plan need not say; empty to ask for what it says.</summary>
    public IReadOnlyList<int> Asked { get; init; } = [];

    /// <summary>The accepted sections before it, in order; empty when sections are written in parallel.</summary>
    public required IReadOnlyList<TextPart> Earlier { get; init; }

    /// <summary>What this section holds already, when a cut one is continued; null at its first call.</summary>
    public string? Partial { get; init; }

    /// <summary>True when the reply shall bring the section to its end, which had been taken off.</summary>
    public bool Finishes { get; init; }

    /// <summary>Words that the reply should have.</summary>
    public required int ReplyWords { get; init; }

    /// <summary>A summary of the first sections, or null.</summary>
    public TextSummary? Summary { get; init; }
}

/// <summary>A section's text and its tokens, counted once.</summary>
internal sealed record TextPart(string Text, int Tokens);

/// <summary>A running summary.</summary>
/// <param name="Text">The summary.</param>
/// <param name="Sections">How many sections from the beginning it covers.</param>
internal sealed record TextSummary(string Text, int Sections);
