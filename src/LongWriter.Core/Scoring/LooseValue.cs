namespace LongWriter.Scoring;

/// <summary>A value of text that is JSON or nearly so.</summary>
internal abstract record LooseValue;

/// <summary>A string, a number or a bare word, as it stands.</summary>
/// <param name="Text">The text, escapes undone, trimmed where it had no quotes.</param>
/// <param name="IsQuoted">True for a string.</param>
internal sealed record LooseText(string Text, bool IsQuoted) : LooseValue;

/// <summary>A list.</summary>
internal sealed record LooseList(IReadOnlyList<LooseValue> Items) : LooseValue;

/// <summary>An object; names as they stand, in their order, repeated ones included.</summary>
internal sealed record LooseObject(IReadOnlyList<KeyValuePair<string, LooseValue>> Members) : LooseValue;

/// <summary>A complete object or list found in a text.</summary>
/// <param name="Value">What it is.</param>
/// <param name="Start">Where it begins, UTF-16.</param>
/// <param name="End">Where it ends, exclusive.</param>
internal sealed record LooseFind(LooseValue Value, int Start, int End);

/// <summary>An object or list that could not be read.</summary>
/// <param name="Problem">What was expected and what was found.</param>
/// <param name="IsCut">True when the text ended within it.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="Reached">How far it could be read.</param>
internal sealed record LooseFailure(string Problem, bool IsCut, int Start, int Reached);

/// <summary>Everything in a text that is JSON or nearly so.</summary>
/// <param name="Finds">The complete outermost values, in order.</param>
/// <param name="Failure">Of what could not be read, the piece that was followed farthest; null when there is none.</param>
internal sealed record LooseJsonResult(IReadOnlyList<LooseFind> Finds, LooseFailure? Failure);
