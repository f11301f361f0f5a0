namespace LongWriter.Writing;

/// <summary>Whether the writer measures what it gets and corrects the rest of the document by it.</summary>
public enum LengthControl
{
    /// <summary>
    /// Closed loop: sections that end early are continued, sections that run over are ended at a sentence border, and what is over or
    /// missing is made up for by the sections that remain. The document gets the asked length.
    /// </summary>
    Closed,

    /// <summary>Open loop: lengths are planned and asked for, and what the model gives is taken. The paper's form.</summary>
    Open,
}
