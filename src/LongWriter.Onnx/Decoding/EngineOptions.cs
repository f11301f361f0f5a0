using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>What to load and how much memory it may take.</summary>
internal sealed record EngineOptions
{
    /// <summary>Folder that the exporter, onnxruntime-genai's builder or Optimum wrote.</summary>
    public required string ModelFolder { get; init; }

    /// <summary>Path of the graph in a folder of Optimum; null to choose one.</summary>
    public string? ModelFile { get; init; }

    /// <summary>Positions of one sequence, prompt and reply together. From 2 to the model's own; null for the model's own.</summary>
    public int? MaxContextTokens { get; init; }

    /// <summary>Texts whose keys and values are kept while one sequence is decoded, its own among them. From 1 to 64; the default is 2.</summary>
    public int Slots { get; init; } = 2;

    /// <summary>
    /// Sequences that are decoded together; more wait. From 1 to 64; the default is 4. Each beyond the first has a slot more. Memory for the whole context
    /// is reserved for every slot, and taken where tokens are written.
    /// </summary>
    public int MaxConcurrentSequences { get; init; } = 4;

    /// <summary>
    /// Bytes that keys and values may take: of sequences that run, as far as they may grow, and of texts that are kept. From what the whole context takes; null, the default, for no limit.
    /// </summary>
    public long? KvMemoryBudgetBytes { get; init; }

    /// <summary>How a sequence goes on when the context is full; null, the default, for an end there.</summary>
    public SlidingWindow? SlidingWindow { get; init; }

    /// <summary>Threads of one step. From 1 up; null for what <see cref="Runtime"/> says.</summary>
    public int? Threads { get; init; }

    /// <summary>The native library and the device that computes.</summary>
    public OnnxRuntimeOptions Runtime { get; init; } = new();

    /// <summary>Prompt tokens that one step takes at most. From 1 up; the default is 512: as fast as more, with less scratch memory.</summary>
    public int PrefillChunkTokens { get; init; } = 512;

    /// <summary>Bytes of scratch memory for reading prompts with float32 keys and values, where the model has a graph for it. From 0 up, 0 for never; the default is 1 GiB.</summary>
    public long PrefillScratchBytes { get; init; } = 1L << 30;

    /// <summary>
    /// Whether what followed the same tokens before is tried as a draft while one sequence runs alone. Null, the default, for where it does not change the tokens: in the
    /// reproducible profile. (When it is tried hangs on a clock.)
    /// </summary>
    public bool? PromptLookup { get; init; }

    /// <summary>Folder of a smaller model with the same vocabulary that drafts where there is nothing to look up; null, the default, for none.</summary>
    public string? DraftModelFolder { get; init; }

    /// <summary>Drafts before the others do; null, the default, for none. The engine disposes of it.</summary>
    public IDrafter? Drafter { get; init; }

    /// <summary>The largest <see cref="MaxDraftTokens"/>.</summary>
    public const int MostDraftTokens = 32;

    /// <summary>Tokens drafted for one step at most. From 1 to <see cref="MostDraftTokens"/>; the default is 7.</summary>
    public int MaxDraftTokens { get; init; } = 7;

    /// <summary>Decides whether drafting pays, for all that draft; null, the default, for one that measures for each of them.</summary>
    public DraftGate? DraftGate { get; init; }

    /// <exception cref="ArgumentException">A value is out of range; the message has every reason.</exception>
    public void Validate()
    {
        List<string> errors = [];
        if (string.IsNullOrWhiteSpace(ModelFolder))
        {
            errors.Add("ModelFolder must name a folder but is empty.");
        }

        if (MaxContextTokens is < 2)
        {
            errors.Add($"MaxContextTokens must be 2 or more but is {MaxContextTokens}.");
        }

        if (Slots is < 1 or > 64)
        {
            errors.Add($"Slots must be in [1, 64] but is {Slots}.");
        }

        if (MaxConcurrentSequences is < 1 or > 64)
        {
            errors.Add($"MaxConcurrentSequences must be in [1, 64] but is {MaxConcurrentSequences}.");
        }

        SlidingWindow?.CollectErrors(errors);
        if (Threads is < 1)
        {
            errors.Add($"Threads must be 1 or more but is {Threads}.");
        }

        if (MaxDraftTokens is < 1 or > MostDraftTokens)
        {
            errors.Add($"MaxDraftTokens must be in [1, {MostDraftTokens}] but is {MaxDraftTokens}.");
        }

        if (PrefillScratchBytes < 0)
        {
            errors.Add($"PrefillScratchBytes must be 0 or more but is {PrefillScratchBytes}.");
        }

        if (PrefillChunkTokens < 1)
        {
            errors.Add($"PrefillChunkTokens must be 1 or more but is {PrefillChunkTokens}.");
        }

        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors));
        }
    }
}
