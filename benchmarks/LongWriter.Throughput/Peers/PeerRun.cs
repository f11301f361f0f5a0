using System.Diagnostics;
using System.Numerics.Tensors;
using LongWriter.Onnx;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Throughput.Peers;

/// <summary>
/// The engine against llama.cpp on the same weights: reading a prompt, and decoding behind it, both held to the same tokens, taking turns within each round. Before that it is
/// counted how often both find the same token likeliest after each of those tokens: a comparison of two engines that compute different things would say nothing.
/// </summary>
internal static class PeerRun
{
    public static IReadOnlyList<PeerSamples> Run(ThroughputOptions options, string libraryFolder, TextWriter progress)
    {
        List<PeerSamples> all = [];
        foreach (string precision in options.Precisions.Where(precision => precision != "float32"))
        {
            // Of 8 bits the profile's block is 32, of 4 bits it is 128, against Q4_0's 32: the fast profile as it is.
            ExportOptions export = precision == "int4" ? ExportOptions.Fast : ExportOptions.Reproducible;
            string folder = new ModelCache(options.CacheFolder).Prepare(options.ModelFolder, export, progress: null, CancellationToken.None);
            ModelManifest manifest = ModelManifestReader.Load(folder);
            string gguf = Path.Combine(Path.GetTempPath(), $"longwriter-{Environment.ProcessId}-{precision}.gguf");
            try
            {
                GgufFile.Write(options.ModelFolder, gguf, precision == "int4" ? 4 : 8);
                int capacity = options.Contexts.Max() + options.NewTokens + 1;
                using var peer = new LlamaCpp(libraryFolder, gguf, capacity, options.Threads, manifest.VocabSize);
                using DecodingEngine engine = DecodingEngine.Load(
                    new EngineOptions
                    {
                        ModelFolder = folder,
                        MaxContextTokens = capacity,
                        Slots = 1,
                        MaxConcurrentSequences = 1,
                        Threads = options.Threads,
                        PromptLookup = false,
                        Runtime = new OnnxRuntimeOptions(),
                    },
                    NullLogger.Instance);
                double agreement = Agreement(engine, peer, options);
                progress.WriteLine($"{precision}: both find the same token likeliest in {agreement:P1} of {options.NewTokens} places.");
                foreach (int context in options.Contexts)
                {
                    var samples = new PeerSamples(precision, manifest.Profile, context, agreement);
                    for (int round = 0; round < options.Rounds; round++)
                    {
                        int[] text = Prompts.Draw(context + options.NewTokens, round, engine.VocabSize);
                        if (round % 2 == 0)
                        {
                            samples.Ours.Add(Ours(engine, text, context));
                            samples.Theirs.Add(Theirs(peer, text, context));
                        }
                        else
                        {
                            samples.Theirs.Add(Theirs(peer, text, context));
                            samples.Ours.Add(Ours(engine, text, context));
                        }
                    }

                    all.Add(samples);
                    progress.WriteLine($"{precision}, context {context}: {options.Rounds} rounds.");
                }
            }
            finally
            {
                File.Delete(gguf);
            }
        }

        return all;
    }

    /// <summary>The share of places in a text of the model's own at which both have the same likeliest token.</summary>
    private static double Agreement(DecodingEngine engine, LlamaCpp peer, ThroughputOptions options)
    {
        List<int> text = [.. Prompts.Draw(16, 7, engine.VocabSize)];
        int from = text.Count;
        engine.DecodeAsync(new DecodingRequest(text.ToArray(), SamplingOptions.Greedy, options.NewTokens, []), Accept, CancellationToken.None).GetAwaiter().GetResult();
        peer.Clear();
        int same = 0;
        int[] ids = [.. text];
        ReadOnlySpan<float> logits = peer.Append(ids.AsSpan(0, from));
        for (int i = from; i < ids.Length; i++)
        {
            same += TensorPrimitives.IndexOfMax(logits) == ids[i] ? 1 : 0;
            logits = peer.Append(ids.AsSpan(i, 1));
        }

        return same / (double)(ids.Length - from);

        bool Accept(int id)
        {
            text.Add(id);
            return true;
        }
    }

    private static PeerSample Ours(DecodingEngine engine, int[] text, int context)
    {
        Prompts.EvictAsync(engine).GetAwaiter().GetResult();
        (double toFirst, double fromFirst, _) = ForcedText.GenerateAsync(engine, text, context).GetAwaiter().GetResult();
        return new PeerSample(context / toFirst, (text.Length - context - 1) / fromFirst);
    }

    private static PeerSample Theirs(LlamaCpp peer, int[] text, int context)
    {
        peer.Clear();
        long begin = Stopwatch.GetTimestamp();
        int likeliest = TensorPrimitives.IndexOfMax(peer.Append(text.AsSpan(0, context)));
        long first = Stopwatch.GetTimestamp();
        for (int i = context; i < text.Length - 1; i++)
        {
            // As in a real loop the logits are looked at, and then the text goes on as it must.
            likeliest += TensorPrimitives.IndexOfMax(peer.Append(text.AsSpan(i, 1)));
        }

        GC.KeepAlive(likeliest);
        return new PeerSample(context / Stopwatch.GetElapsedTime(begin, first).TotalSeconds, (text.Length - context - 1) / Stopwatch.GetElapsedTime(first).TotalSeconds);
    }
}

/// <summary>What the rounds gave at one length of context.</summary>
/// <param name="Precision">Of the weights.</param>
/// <param name="Profile">Of our export.</param>
/// <param name="ContextTokens">Of the prompt.</param>
/// <param name="Agreement">Share of places with the same likeliest token.</param>
internal sealed record PeerSamples(string Precision, string Profile, int ContextTokens, double Agreement)
{
    public List<PeerSample> Ours { get; } = [];

    public List<PeerSample> Theirs { get; } = [];

    /// <summary>Ours over theirs, of the two that stand side by side in a round.</summary>
    public double Ratio(Func<PeerSample, double> of) => Percentiles.Median(Ours.Zip(Theirs, (ours, theirs) => of(ours) / of(theirs)));
}

/// <summary>Tokens per second of one round.</summary>
internal readonly record struct PeerSample(double Prefill, double Decode);
