using LongWriter.Onnx.Chat;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx;

/// <summary>Which model an <see cref="OnnxChatClient"/> runs, on what, and how it samples. Checked once, when the model is loaded.</summary>
public sealed record OnnxChatClientOptions
{
    /// <summary>
    /// A folder that <see cref="ModelExporter"/> wrote (longwriter.json), one of onnxruntime-genai's builder (genai_config.json), a Hugging Face folder
    /// (config.json, safetensors, tokenizer.json), which is exported into <see cref="CacheFolder"/> at its first use, or one of Optimum (config.json,
    /// a graph, tokenizer.json).
    /// </summary>
    public required string ModelFolder { get; init; }

    /// <summary>
    /// Which graph of a folder of Optimum, as a path in it: "onnx/model_q4.onnx". Null, the default, chooses; weights beside the graphs are then taken first.
    /// Must be null where longwriter.json or genai_config.json names the graph.
    /// </summary>
    public string? ModelFile { get; init; }

    /// <summary>What the model is called in replies. Null, the default, is the name of <see cref="ModelFolder"/>.</summary>
    public string? ModelName { get; init; }

    /// <summary>Where exports are kept. Null, the default, is longwriter/models in the user's folder for local application data.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>How a Hugging Face folder is exported. Null, the default, is <see cref="ExportOptions.Reproducible"/>. An exported folder is what it is.</summary>
    public ExportOptions? Export { get; init; }

    /// <summary>Told how far an export is; not called when there is nothing to export.</summary>
    public IProgress<ExportProgress>? ExportProgress { get; init; }

    /// <summary>Tokens of prompt and reply together, from 2 to the model's own maximum. Null, the default, is that maximum. Memory grows with it.</summary>
    public int? MaxContextTokens { get; init; }

    /// <summary>
    /// Conversations whose keys and values are kept while one reply is generated, its own among them. Range [1, 64]; the default is 2. Memory is taken as
    /// far as each grows.
    /// </summary>
    public int Slots { get; init; } = 2;

    /// <summary>
    /// Replies that are generated together, a token of each in one step; more calls wait in order. Range [1, 64]; the default is 4. Calls one after another
    /// cost nothing for it; each call at the same time takes the memory of one conversation more.
    /// </summary>
    public int MaxConcurrentSequences { get; init; } = 4;

    /// <summary>
    /// Bytes that keys and values may take: what running calls may come to need (prompt and <c>MaxOutputTokens</c>, or the whole context) and what is kept of other conversations. From what the whole
    /// context takes; null, the default, is no limit but <see cref="Slots"/>. The conversation that was not used for longest is forgotten first; a call for which there is no room beside those that
    /// run waits for them, in order. The memory of a draft model is not counted.
    /// </summary>
    public long? KvMemoryBudgetBytes { get; init; }

    /// <summary>
    /// How a reply goes on when the context is full, if it was asked for that many tokens. Null, the default, ends it there. A call that names no <c>MaxOutputTokens</c>
    /// ends there in any case: nothing else might end it.
    /// </summary>
    public SlidingWindowOptions? SlidingWindow { get; init; }

    /// <summary>Prompt tokens computed in one step, from 1 up; the default is 512. A step is also what a cancellation waits for, and what other replies wait for.</summary>
    public int PrefillChunkTokens { get; init; } = 512;

    /// <summary>
    /// Bytes of memory that reading prompts with float32 keys and values may take, from 0 up; the default is 1 GiB. Applies to exports of the fast profile with int8 keys and values, which
    /// read a long prompt faster so (1.8 times at 2,048 tokens with the embedded model); a prompt that needs more is read on with int8 ones, and 0 reads all of them so. Memory is taken as far as the longest prompt goes.
    /// </summary>
    public long PrefillScratchBytes { get; init; } = 1L << 30;

    /// <summary>
    /// Guessing tokens ahead, for replies that are generated alone. Null, the default, looks guesses up in the text where that does not change the reply, which is in the
    /// reproducible profile. Elsewhere, with options given, replies to the same seed may differ from run to run.
    /// </summary>
    public SpeculationOptions? Speculation { get; init; }

    /// <summary>The native library, the device and the threads.</summary>
    public OnnxRuntimeOptions Runtime { get; init; } = new();

    /// <summary>Sampling of calls that say nothing else; its null values are left to the model's generation_config.json.</summary>
    public OnnxRequestOptions Defaults { get; init; } = new();

    /// <summary>
    /// The seed from which calls without a seed get theirs: the n-th call of a client the n-th of a fixed sequence. The default is 0. The seed of a
    /// reply is in its last update as "longwriter.seed".
    /// </summary>
    public long Seed { get; init; }

    /// <summary>The clock of CreatedAt and of templates that state the date. The default is the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal EngineOptions ToEngineOptions(string exportedFolder, string? exportedDraftFolder = null) => new()
    {
        ModelFolder = exportedFolder,
        ModelFile = ModelFile,
        MaxContextTokens = MaxContextTokens,
        Slots = Slots,
        MaxConcurrentSequences = MaxConcurrentSequences,
        KvMemoryBudgetBytes = KvMemoryBudgetBytes,
        SlidingWindow = SlidingWindow?.ToWindow(),
        PrefillChunkTokens = PrefillChunkTokens,
        PrefillScratchBytes = PrefillScratchBytes,
        Runtime = Runtime,
        PromptLookup = Speculation?.PromptLookup,
        DraftModelFolder = exportedDraftFolder,
        MaxDraftTokens = (Speculation ?? new SpeculationOptions()).MaxDraftTokens,
    };
}
