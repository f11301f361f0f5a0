using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Throughput.Peers;

/// <summary>The engine of this repository, without drafts, beside others.</summary>
internal sealed class OwnEngine : IPeerEngine
{
    private readonly ModelManifest manifest;

    private OwnEngine(ModelManifest manifest, DecodingEngine engine) => (this.manifest, Engine) = (manifest, engine);

    public string Name => "LongWriter";

    public string Weights => manifest.BlockSize is { } block ? $"{manifest.Precision} in blocks of {block}" : manifest.Precision;

    public string? Profile => ThroughputRun.ProfileOf(manifest);

    public DecodingEngine Engine { get; }

    /// <exception cref="ArgumentException">The model has not so many positions.</exception>
    public static OwnEngine Load(ThroughputOptions options, ThroughputRun.Subject subject, int contextTokens, int sequences)
    {
        if (contextTokens > subject.Manifest.MaxPositions)
        {
            throw new ArgumentException($"{contextTokens} tokens are needed but the model has {subject.Manifest.MaxPositions}: choose smaller --contexts, --prefill, --sections or --tokens.");
        }

        var engine = new EngineOptions
        {
            ModelFolder = subject.Folder,
            MaxContextTokens = contextTokens,
            Slots = sequences,
            MaxConcurrentSequences = sequences,
            Threads = options.Threads,
            PromptLookup = false,
            Runtime = new OnnxRuntimeOptions(),
        };
        return new OwnEngine(subject.Manifest, DecodingEngine.Load(engine, NullLogger.Instance));
    }

    public Task ForgetAsync() => Prompts.EvictAsync(Engine);

    public async Task<ForcedTimes> ForceAsync(int[] text, int promptTokens)
    {
        (double toFirst, double fromFirst, DecodingResult result) = await ForcedText.GenerateAsync(Engine, text, promptTokens);
        return new ForcedTimes(toFirst, fromFirst, result.CachedPromptTokens);
    }

    /// <summary>Each is that of a prompt of its own, so that the step is one of a token that is kept, as in decoding.</summary>
    public async Task<int[]> FindLikeliestAsync(int[] text, int from)
    {
        int[] likeliest = new int[text.Length - from];
        for (int i = from; i < text.Length; i++)
        {
            await Engine.DecodeAsync(new DecodingRequest(text.AsMemory(0, i), SamplingOptions.Greedy, 1, []), Accept, CancellationToken.None);

            bool Accept(int id)
            {
                likeliest[i - from] = id;
                return true;
            }
        }

        return likeliest;
    }

    /// <summary>A text of the model's own, behind some tokens.</summary>
    public async Task<int[]> WriteGreedilyAsync(int[] prompt, int newTokens)
    {
        List<int> text = [.. prompt];
        await Engine.DecodeAsync(new DecodingRequest(prompt, SamplingOptions.Greedy, newTokens, []), Accept, CancellationToken.None);
        return [.. text];

        bool Accept(int id)
        {
            text.Add(id);
            return true;
        }
    }

    public void Dispose() => Engine.Dispose();
}
