using Microsoft.Extensions.AI;

namespace LongWriter.Scoring.Evaluation;

/// <summary>What an evaluator needs beside the conversation. Mirrors the type of this name in Microsoft.Extensions.AI.Evaluation.</summary>
public abstract class EvaluationContext
{
    /// <summary>Sets name and contents.</summary>
    /// <param name="name">Name of the context.</param>
    /// <param name="contents">All it holds, for people to read in a report.</param>
    protected EvaluationContext(string name, params IEnumerable<AIContent> contents)
    {
        Name = name;
        Contents = [.. contents];
    }

    /// <summary>Name of the context.</summary>
    public string Name { get; set; }

#pragma warning disable CA2227 // The mirrored type lets its collection be set.
    /// <summary>All it holds, for people to read in a report.</summary>
    public IList<AIContent> Contents { get; set; }
#pragma warning restore CA2227
}
