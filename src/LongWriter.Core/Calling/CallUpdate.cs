namespace LongWriter.Calling;

/// <summary>
/// One piece of a call. Invariant: the text of all <see cref="CallText"/>, less what was taken back, is the text of the
/// <see cref="CallResult"/> in the <see cref="CallCompleted"/> that ends the call.
/// </summary>
internal abstract record CallUpdate;

/// <summary>Visible text, to append.</summary>
/// <param name="Delta">At least one character.</param>
internal sealed record CallText(string Delta) : CallUpdate;

/// <summary>A try failed and the next one begins after a wait.</summary>
/// <param name="CharCount">UTF-16 code units to take back: all there are; 0 when the try failed before its first text.</param>
/// <param name="Reason">What failed, for a person.</param>
/// <param name="Delay">How long the wait is. The update comes before the wait.</param>
internal sealed record CallRestarted(int CharCount, string Reason, TimeSpan Delay) : CallUpdate;

/// <summary>All text so far turned out not to be text of the reply.</summary>
/// <param name="CharCount">UTF-16 code units to take back: all there are; at least 1.</param>
/// <param name="Reason">Why, for a person.</param>
internal sealed record CallRetracted(int CharCount, string Reason) : CallUpdate;

/// <summary>The call is over; the last update.</summary>
/// <param name="Result">What came of it.</param>
internal sealed record CallCompleted(CallResult Result) : CallUpdate;
