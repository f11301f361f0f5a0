using System.Diagnostics;
using System.Numerics.Tensors;

namespace LongWriter.Throughput.Peers;

/// <summary>llama.cpp beside others: its own loop, which keeps what a text shares with the last one and takes away only what differs.</summary>
internal sealed class LlamaEngine : IPeerEngine
{
    private readonly string file;
    private readonly List<int> kept = [];

    private LlamaEngine(string file, string weights, LlamaCpp library) => (this.file, Weights, Library) = (file, weights, library);

    public string Name => "llama.cpp";

    public string Weights { get; }

    public string? Profile => null;

    public LlamaCpp Library { get; }

    /// <summary>Writes the model as GGUF for as long as the engine lives.</summary>
    /// <exception cref="ArgumentException">The folder does not hold the library.</exception>
    public static LlamaEngine Load(ThroughputOptions options, ThroughputRun.Subject subject, int contextTokens, int sequences)
    {
        (string weights, int bits) = subject.Precision == "int4" ? ("Q4_0", 4) : ("Q8_0", 8);
        string file = Path.Combine(Path.GetTempPath(), $"longwriter-{Environment.ProcessId}-{weights}.gguf");
        try
        {
            GgufFile.Write(options.ModelFolder, file, bits);
            return new LlamaEngine(file, weights, new LlamaCpp(Path.GetFullPath(options.LlamaFolder!), file, contextTokens, sequences, options.Threads, subject.Manifest.VocabSize));
        }
        catch
        {
            File.Delete(file);
            throw;
        }
    }

    public Task ForgetAsync()
    {
        Library.Clear();
        kept.Clear();
        return Task.CompletedTask;
    }

    public Task<ForcedTimes> ForceAsync(int[] text, int promptTokens)
    {
        long begin = Stopwatch.GetTimestamp();
        int common = Math.Min(text.AsSpan(0, promptTokens - 1).CommonPrefixLength(kept.ToArray()), kept.Count);
        if (common < kept.Count)
        {
            Library.Rewind(0, common);
        }

        int likeliest = TensorPrimitives.IndexOfMax(Library.Append(text.AsSpan(common, promptTokens - common), common));
        long first = Stopwatch.GetTimestamp();
        for (int i = promptTokens; i < text.Length - 1; i++)
        {
            // As in a real loop the logits are looked at, and then the text goes on as it must.
            likeliest += TensorPrimitives.IndexOfMax(Library.Append(text.AsSpan(i, 1), i));
        }

        long last = Stopwatch.GetTimestamp();
        GC.KeepAlive(likeliest);
        kept.Clear();
        kept.AddRange(text.AsSpan(0, text.Length - 1));
        return Task.FromResult(new ForcedTimes(Stopwatch.GetElapsedTime(begin, first).TotalSeconds, Stopwatch.GetElapsedTime(first, last).TotalSeconds, common));
    }

    public async Task<int[]> FindLikeliestAsync(int[] text, int from)
    {
        await ForgetAsync();
        int[] likeliest = new int[text.Length - from];
        likeliest[0] = TensorPrimitives.IndexOfMax(Library.Append(text.AsSpan(0, from), 0));
        for (int i = from; i < text.Length - 1; i++)
        {
            likeliest[i + 1 - from] = TensorPrimitives.IndexOfMax(Library.Append(text.AsSpan(i, 1), i));
        }

        await ForgetAsync();
        return likeliest;
    }

    public void Dispose()
    {
        Library.Dispose();
        File.Delete(file);
    }
}
