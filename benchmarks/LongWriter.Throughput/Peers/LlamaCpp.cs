using System.Runtime.InteropServices;
using System.Text;

namespace LongWriter.Throughput.Peers;

/// <summary>
/// The functions of llama.cpp's library that a comparison takes, called without its headers: parameter blocks are filled by the library's own defaults, and only their first
/// numbers are changed, whose places have been the same for long (n_ctx, n_batch, n_ubatch, n_seq_max). The library is the prebuilt one of npm's node-llama-cpp. One thread at a time.
/// </summary>
internal sealed unsafe class LlamaCpp : IDisposable
{
    /// <summary>Tokens of a step.</summary>
    private const int StepTokens = 512;

    private readonly nint llama;
    private readonly nint model;
    private readonly nint context;
    private readonly nint memory;
    private readonly int vocabSize;
    private readonly delegate* unmanaged<nint, Batch, int> decode;
    private readonly delegate* unmanaged<nint, int, float*> logitsOf;

    /// <param name="libraryFolder">Where libllama and its libggml are.</param>
    /// <param name="modelPath">A GGUF file.</param>
    /// <param name="contextTokens">Positions of each sequence.</param>
    /// <param name="sequences">Sequences that are kept at once.</param>
    /// <param name="threads">Threads of a step.</param>
    /// <param name="vocabSize">Logits of a token.</param>
    /// <exception cref="ArgumentException">The folder does not hold the library, or it refuses the model.</exception>
    public LlamaCpp(string libraryFolder, string modelPath, int contextTokens, int sequences, int threads, int vocabSize)
    {
        this.vocabSize = vocabSize;
        nint ggml = Load(libraryFolder, "libggml.");
        llama = Load(libraryFolder, "libllama.");
        ((delegate* unmanaged<nint, nint, void>)Find("llama_log_set"))((nint)(delegate* unmanaged<int, byte*, nint, void>)&Ignore, 0);
        fixed (byte* folder = Text(libraryFolder))
        {
            ((delegate* unmanaged<byte*, void>)NativeLibrary.GetExport(ggml, "ggml_backend_load_all_from_path"))(folder);
        }

        ((delegate* unmanaged<void>)Find("llama_backend_init"))();
        Block parameters = ((delegate* unmanaged<Block>)Find("llama_model_default_params"))();
        fixed (byte* path = Text(modelPath))
        {
            model = ((delegate* unmanaged<byte*, Block, nint>)Find("llama_model_load_from_file"))(path, parameters);
        }

        Block settings = ((delegate* unmanaged<Block>)Find("llama_context_default_params"))();
        int* numbers = (int*)settings.Bytes;

        // What is asked for is shared out to the sequences, each of which is given a multiple of 256.
        numbers[0] = (contextTokens + 255) / 256 * 256 * sequences;
        numbers[1] = StepTokens;
        numbers[2] = StepTokens;
        numbers[3] = sequences;
        context = model == 0 ? 0 : ((delegate* unmanaged<nint, Block, nint>)Find("llama_init_from_model"))(model, settings);
        if (context == 0)
        {
            throw new ArgumentException($"llama.cpp in '{libraryFolder}' could not load '{modelPath}'.");
        }

        ((delegate* unmanaged<nint, int, int, void>)Find("llama_set_n_threads"))(context, threads, threads);
        memory = ((delegate* unmanaged<nint, nint>)Find("llama_get_memory"))(context);
        decode = (delegate* unmanaged<nint, Batch, int>)Find("llama_decode");
        logitsOf = (delegate* unmanaged<nint, int, float*>)Find("llama_get_logits_ith");
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => ((delegate* unmanaged<nint, byte, void>)Find("llama_memory_clear"))(memory, 1);

    /// <summary>Forgets what a sequence has from a position on.</summary>
    public void Rewind(int sequence, int length)
    {
        if (((delegate* unmanaged<nint, int, int, int, byte>)Find("llama_memory_seq_rm"))(memory, sequence, length, -1) == 0)
        {
            throw new InvalidOperationException($"llama_memory_seq_rm refused to rewind sequence {sequence} to {length} tokens.");
        }
    }

    /// <summary>Appends tokens to a sequence, 512 in a step.</summary>
    /// <param name="ids">One or more.</param>
    /// <param name="past">Tokens it has.</param>
    /// <param name="sequence">Which.</param>
    /// <returns>Logits behind the last one; valid until the next call.</returns>
    public ReadOnlySpan<float> Append(ReadOnlySpan<int> ids, int past, int sequence = 0)
    {
        Span<int> positions = stackalloc int[StepTokens];
        Span<int> sequences = stackalloc int[StepTokens];
        Span<byte> wanted = stackalloc byte[StepTokens];
        sequences.Fill(sequence);
        for (int start = 0; start < ids.Length; start += StepTokens)
        {
            int count = Math.Min(StepTokens, ids.Length - start);
            for (int i = 0; i < count; i++)
            {
                positions[i] = past + start + i;
            }

            wanted.Clear();
            wanted[count - 1] = 1;
            Decode(ids.Slice(start, count), positions, sequences, wanted);
        }

        return Logits(-1);
    }

    /// <summary>Appends one token to each of the first sequences.</summary>
    /// <param name="ids">A token each.</param>
    /// <param name="pasts">Tokens that each has.</param>
    public void Step(ReadOnlySpan<int> ids, ReadOnlySpan<int> pasts)
    {
        Span<int> sequences = stackalloc int[ids.Length];
        Span<byte> wanted = stackalloc byte[ids.Length];
        for (int i = 0; i < ids.Length; i++)
        {
            sequences[i] = i;
        }

        wanted.Fill(1);
        Decode(ids, pasts, sequences, wanted);
    }

    /// <summary>Logits of the last step's token, by its place; -1 is the last. Valid until the next call.</summary>
    public ReadOnlySpan<float> Logits(int place) => new(logitsOf(context, place), vocabSize);

    public void Dispose()
    {
        ((delegate* unmanaged<nint, void>)Find("llama_free"))(context);
        ((delegate* unmanaged<nint, void>)Find("llama_model_free"))(model);
    }

    private void Decode(ReadOnlySpan<int> ids, ReadOnlySpan<int> positions, ReadOnlySpan<int> sequences, ReadOnlySpan<byte> wanted)
    {
        int* counts = stackalloc int[ids.Length];
        int** places = stackalloc int*[ids.Length];
        fixed (int* tokens = ids, at = positions, of = sequences)
        fixed (byte* logits = wanted)
        {
            for (int i = 0; i < ids.Length; i++)
            {
                counts[i] = 1;
                places[i] = of + i;
            }

            var batch = new Batch { Count = ids.Length, Tokens = (nint)tokens, Positions = (nint)at, SequenceCounts = (nint)counts, Sequences = (nint)places, Logits = (nint)logits };
            int status = decode(context, batch);
            if (status != 0)
            {
                throw new InvalidOperationException($"llama_decode gave {status}.");
            }
        }
    }

    private nint Find(string name) => NativeLibrary.GetExport(llama, name);

    private static nint Load(string folder, string prefix)
    {
        string? path = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, $"{prefix}*").Order(StringComparer.Ordinal).FirstOrDefault() : null;
        return path is null
            ? throw new ArgumentException($"--llama must name the folder with {prefix}so of node-llama-cpp but is '{folder}'.")
            : NativeLibrary.Load(path);
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text + '\0');

    [UnmanagedCallersOnly]
    private static void Ignore(int level, byte* text, nint data)
    {
        // It says more than a table can use.
    }

    /// <summary>A parameter block of which only the beginning is known. As it is passed in memory, a size above the library's own does no harm.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 1024)]
    private struct Block
    {
        public fixed byte Bytes[1024];
    }

    /// <summary>llama_batch: a number and six pointers.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Batch
    {
        public int Count;
        public nint Tokens;
        public nint Embeddings;
        public nint Positions;
        public nint SequenceCounts;
        public nint Sequences;
        public nint Logits;
    }
}
