using System.Globalization;
using System.Security.Cryptography;
using LongWriter.Writing;
using Microsoft.Extensions.AI;

namespace LongWriter.Benchmarking;

/// <summary>Options as name and value for a manifest: those that shape a text, sorted by name, invariant culture. What is not set is left out.</summary>
internal static class SubjectOptionsText
{
    public static IReadOnlyDictionary<string, string> Of(ChatOptions? options)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        AddTo(texts, options);
        return texts;
    }

    public static IReadOnlyDictionary<string, string> Of(AgentWriterOptions options)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        AddTo(texts, options.ChatOptions);
        Add(texts, "context", options.Context);
        Add(texts, "contextWindowTokens", options.ContextWindowTokens);
        Add(texts, "counter", options.Counter.Name);
        Add(texts, "cutSections", options.CutSections);
        Add(texts, "defaultWords", options.DefaultWords);
        Add(texts, "lengthControl", options.Length);
        Add(texts, "maxContinuations", options.MaxContinuations);
        Add(texts, "maxPlanRepairs", options.MaxPlanRepairs);
        Add(texts, "maxRewrites", options.MaxRewrites);
        Add(texts, "maxSectionWords", options.MaxSectionWords);
        Add(texts, "minSectionWords", options.MinSectionWords);
        Add(texts, "parallelSections", options.ParallelSections);
        Add(texts, "planFallback", options.PlanFallback);
        Add(texts, "planFormat", options.PlanFormat);
        Add(texts, "prompts", options.Prompts);
        Add(texts, "runningSummary", options.RunningSummary);
        Add(texts, "singleSectionWords", options.SingleSectionWords);
        foreach ((string name, string path) in options.PromptFiles)
        {
            Add(texts, $"prompt.{name}", Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));
        }

        if (options.RunningSummary)
        {
            Add(texts, "runningSummaryMinContextTokens", options.RunningSummaryMinContextTokens);
            Add(texts, "runningSummaryWords", options.RunningSummaryWords);
        }

        return texts;
    }

    private static void AddTo(SortedDictionary<string, string> texts, ChatOptions? options)
    {
        Add(texts, "frequencyPenalty", options?.FrequencyPenalty);
        Add(texts, "instructions", options?.Instructions);
        Add(texts, "maxOutputTokens", options?.MaxOutputTokens);
        Add(texts, "modelId", options?.ModelId);
        Add(texts, "presencePenalty", options?.PresencePenalty);
        Add(texts, "reasoningEffort", options?.Reasoning?.Effort);
        Add(texts, "stopSequences", options?.StopSequences is { Count: > 0 } stops ? string.Join('\n', stops) : null);
        Add(texts, "temperature", options?.Temperature);
        Add(texts, "topK", options?.TopK);
        Add(texts, "topP", options?.TopP);
        foreach ((string name, object? value) in options?.AdditionalProperties ?? [])
        {
            Add(texts, $"additional.{name}", value);
        }
    }

    private static void Add(SortedDictionary<string, string> texts, string name, object? value)
    {
        if (Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text)
        {
            texts[name] = text;
        }
    }
}
