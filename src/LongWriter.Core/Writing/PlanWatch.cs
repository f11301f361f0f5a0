using System.Text;
using LongWriter.Text;

namespace LongWriter.Writing;

/// <summary>
/// Sees that a plan being written does not end: it runs into a loop, or goes far beyond the length it is for. Generous, since a plan
/// that is stopped loses its end. Fed with chunks as they stream; how the text is cut into chunks changes nothing but where it stops. For one reply.
/// </summary>
/// <param name="limit">Beyond what a plan of lines does not end; null to look for loops alone, as in JSON.</param>
internal sealed class PlanWatch(PlanLimit? limit)
{
    /// <summary>As often in a row the same main point is a loop, whatever the numbers beside it.</summary>
    private const int MaxSamePoints = 4;

    private readonly RepetitionDetector loop = new();
    private readonly StringBuilder text = new();
    private readonly StringBuilder line = new();
    private int lines;
    private int nextLook = limit?.Lines ?? 0;
    private string? point;
    private int pointEnd;
    private int samePoints;

    /// <summary>The text so far; of a loop, what stands before its repeats.</summary>
    public string Text => text.ToString();

    /// <summary>Adds text. Not to be called again after it has stopped.</summary>
    /// <returns>Why the reply is to be stopped: <see cref="EndCause.Repetition"/> or <see cref="EndCause.Length"/>; null while it may go on.</returns>
    public EndCause? Append(string delta)
    {
        foreach (char c in delta)
        {
            text.Append(c);
            line.Append(c);
            if (c == '\n' && EndLine() is { } end)
            {
                return end;
            }
        }

        if (loop.Append(delta))
        {
            text.Length = loop.LoopStart;
            return EndCause.Repetition;
        }

        return text.Length > limit?.Chars ? EndCause.Length : null;
    }

    private EndCause? EndLine()
    {
        string ended = line.ToString();
        line.Clear();
        lines++;
        if (limit is null)
        {
            return null;
        }

        if (RepeatsPoint(ended))
        {
            text.Length = pointEnd;
            return EndCause.Repetition;
        }

        return Exceeds(limit) ? EndCause.Length : null;
    }

    private bool RepeatsPoint(string ended)
    {
        string? read = PlanParser.Parse(ended).Plan is { Sections: [{ } section] } ? section.MainPoint : null;
        if (read is null || read != point)
        {
            (point, pointEnd, samePoints) = (read, text.Length, 0);
        }

        return read is not null && ++samePoints >= MaxSamePoints;
    }

    /// <summary>True when there are both too many sections and too many words; looked for ever more rarely, since a look reads all of the plan.</summary>
    private bool Exceeds(PlanLimit limit)
    {
        if (lines <= nextLook)
        {
            return false;
        }

        nextLook = lines + (lines / 16);
        return PlanParser.Parse(Text).Plan is { } plan && plan.Sections.Count > limit.Lines && plan.TotalWords > limit.Words;
    }
}
