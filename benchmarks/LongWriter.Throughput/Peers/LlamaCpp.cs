using System.Runtime.InteropServices;
using System.Text;

namespace LongWriter.Throughput.Peers;

/// <summary>
/// The functions of llama.cpp's library that a comparison takes, called without its headers: parameter blocks are filled by the library's own defaults, and only their first
/// numbers are changed, whose places have been the same for long (n_ctx, n_batch, n_ubatch, n_seq_max). The library is the prebuilt one of npm's node-llama-cpp. One thread at a time.
/// </summary>
internal sealed unsafe class LlamaCpp : IDisposable
{
    private readonly nint llama;
    private readonly nint model;
    private readonly nint context;
    private readonly int vocabSize;

    /// <param name="libraryFolder">Where libllama and its libggml are.</param>
    /// <param name="modelPath">A GGUF file.</param>
    /// <param name="contextTokens">Positions.</param>
    /// <param name="threads">Threads of a step.</param>
    /// <param name="vocabSize">Logits of a token.</param>
    /// <exception cref="ArgumentException">The folder does not hold the library, or it refuses the model.</exception>
    public LlamaCpp(string libraryFolder, string modelPath, int contextTokens, int threads, int vocabSize)
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
        numbers[0] = contextTokens;
        numbers[1] = 512;
        numbers[2] = 512;
        numbers[3] = 1;
        context = model == 0 ? 0 : ((delegate* unmanaged<nint, Block, nint>)Find("llama_init_from_model"))(model, settings);
        if (context == 0)
        {
            throw new ArgumentException($"llama.cpp in '{libraryFolder}' could not load '{modelPath}'.");
        }

        ((delegate* unmanaged<nint, int, int, void>)Find("llama_set_n_threads"))(context, threads, threads);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        nint memory = ((delegate* unmanaged<nint, nint>)Find("llama_get_memory"))(context);
        ((delegate* unmanaged<nint, byte, void>)Find("llama_memory_clear"))(memory, 1);
    }

    /// <summary>Appends tokens, 512 in a step.</summary>
    /// <returns>Logits behind the last one; valid until the next call.</returns>
    public ReadOnlySpan<float> Append(ReadOnlySpan<int> ids)
    {
        for (int start = 0; start < ids.Length; start += 512)
        {
            ReadOnlySpan<int> chunk = ids.Slice(start, Math.Min(512, ids.Length - start));
            fixed (int* tokens = chunk)
            {
                Batch batch = ((delegate* unmanaged<int*, int, Batch>)Find("llama_batch_get_one"))(tokens, chunk.Length);
                int status = ((delegate* unmanaged<nint, Batch, int>)Find("llama_decode"))(context, batch);
                if (status != 0)
                {
                    throw new InvalidOperationException($"llama_decode gave {status}.");
                }
            }
        }

        return new ReadOnlySpan<float>(((delegate* unmanaged<nint, int, float*>)Find("llama_get_logits_ith"))(context, -1), vocabSize);
    }

    public void Dispose()
    {
        ((delegate* unmanaged<nint, void>)Find("llama_free"))(context);
        ((delegate* unmanaged<nint, void>)Find("llama_model_free"))(model);
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
