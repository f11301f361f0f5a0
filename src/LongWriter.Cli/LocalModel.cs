using LongWriter.Onnx;
using LongWriter.Onnx.Export;
using Microsoft.Extensions.AI;

namespace LongWriter.Cli;

/// <summary>Opens a model on this machine. Its first use exports it, and says so.</summary>
internal static class LocalModel
{
    /// <summary>What the client takes at most.</summary>
    private const int MostConcurrentReplies = 64;

    /// <param name="folder">The model's folder.</param>
    /// <param name="replies">Replies that will be asked for at the same time, from 1 up; so many are generated together.</param>
    /// <param name="compute">What computes it.</param>
    /// <param name="host">Where it says how its set-up goes.</param>
    /// <param name="cancellationToken">Ends an export.</param>
    public static IChatClient Open(string folder, int replies, LocalCompute compute, ToolHost host, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            throw new IOException($"The model folder {folder} does not exist.");
        }

        long started = host.Time.GetTimestamp();
        var progress = new ExportNote(host.Error);
        OnnxChatClient client = OnnxChatClient.Load(
            new OnnxChatClientOptions
            {
                ModelFolder = folder,
                CacheFolder = host.ModelCacheFolder,
                ExportProgress = progress,
                TimeProvider = host.Time,
                Runtime = compute.Runtime,
                Export = compute.Export,

                // A text for each that is asked for, and one more, for what they have in common or what comes between.
                Slots = Math.Min(replies + 1, MostConcurrentReplies),
                MaxConcurrentSequences = Math.Min(replies, MostConcurrentReplies),
            },
            cancellationToken: cancellationToken);
        host.Error.WriteLine(FormattableString.Invariant(
            $"Model {Path.GetFileName(folder)} is ready{(progress.Exported ? ", exported for this machine and kept" : "")}: {host.Time.GetElapsedTime(started).TotalSeconds:0.0} s of set-up."));
        return client;
    }

    /// <summary>Says once that an export has begun; it takes long enough to wonder.</summary>
    private sealed class ExportNote(TextWriter output) : IProgress<ExportProgress>
    {
        public bool Exported { get; private set; }

        public void Report(ExportProgress value)
        {
            if (!Exported)
            {
                Exported = true;
                output.WriteLine("Exporting the model to ONNX, once …");
            }
        }
    }
}
