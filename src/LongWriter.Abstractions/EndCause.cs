namespace LongWriter;

/// <summary>Why a text ended. Every text carries one.</summary>
public enum EndCause
{
    /// <summary>The model ended it.</summary>
    Stop,

    /// <summary>The token limit of the call, or of the model, cut it.</summary>
    Length,

    /// <summary>The model's context window was full.</summary>
    ContextLimit,

    /// <summary>A content filter cut or withheld it.</summary>
    ContentFilter,

    /// <summary>The model declined to write it.</summary>
    Refusal,

    /// <summary>It ran into a loop.</summary>
    Repetition,

    /// <summary>Nothing came that could be used.</summary>
    Empty,

    /// <summary>The call failed; the failure is described beside this cause.</summary>
    Error,

    /// <summary>The caller stopped it.</summary>
    Cancelled,
}
