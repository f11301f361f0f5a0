using LongWriter.Benchmarking;
using LongWriter.Scoring;
using LongWriter.Writing;

namespace LongWriter.Cli;

/// <summary>What the bench command was asked to do.</summary>
internal sealed record BenchSettings
{
    public required BenchmarkSuite Suite { get; init; }

    public bool WithChat { get; init; }

    public bool WithAgent { get; init; }

    public required ModelChoice Model { get; init; }

    /// <summary>The model as manifests name it.</summary>
    public string ModelName => Model.Name ?? EmbeddedModel.Name;

    public float? Temperature { get; init; }

    public int? MaxTokens { get; init; }

    public int? ContextTokens { get; init; }

    /// <summary>Whether the agent measures and corrects lengths.</summary>
    public LengthControl LengthControl { get; init; }

    /// <summary>Null without a judge.</summary>
    public JudgeSettings? Judge { get; init; }

    /// <summary>What a failed judgement does to S_q in the report.</summary>
    public FailedJudgements FailedJudgements { get; init; }

    public bool WithNll { get; init; }

    public required string Folder { get; init; }

    /// <summary>What the runner is told; judge and measurement are added once their models are open.</summary>
    public required BenchmarkRunnerOptions Runner { get; init; }

    /// <summary>The command that continues this run, for a shell.</summary>
    public required string ResumeCommand { get; init; }
}
