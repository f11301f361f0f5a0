using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace LongWriter.Onnx.Runtime;

/// <summary>
/// A graph saved with its weights in the order in which this processor's kernels read them, so that the next load only maps the file. What it was made from, by which
/// library and for which processor is in the name of its folder; another one never takes it.
/// </summary>
internal static partial class PrepackedModel
{
    private const string GraphName = "model.onnx";
    private const string WeightsName = "model.weights";
    private const string RefusedName = "refused";

    /// <summary>The folder of the saved form of a graph.</summary>
    /// <param name="root">Where such folders are.</param>
    /// <param name="graphPath">The graph; its weights may be in files beside it.</param>
    /// <param name="options">How it is loaded.</param>
    /// <param name="libraryVersion">Version of ONNX Runtime.</param>
    public static string FolderFor(string root, string graphPath, OnnxRuntimeOptions options, string libraryVersion)
    {
        var text = new StringBuilder();
        text.Append("1\n").Append(CpuIdentity.Text).Append('\n').Append(libraryVersion).Append('\n').Append(options.Optimization).Append('\n');
        foreach ((string key, string value) in options.Configuration.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append(key).Append('=').Append(value).Append('\n');
        }

        // An export is never changed in place, so size and time say as much as the content would, without reading gigabytes.
        foreach (FileInfo file in new FileInfo(graphPath).Directory!.EnumerateFiles().Where(IsPartOfAModel).OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            text.Append(file.FullName).Append(' ').Append(file.Length).Append(' ').Append(file.LastWriteTimeUtc.Ticks).Append('\n');
        }

        text.Append(Path.GetFullPath(graphPath));
        return Path.Combine(root, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..32]);
    }

    /// <summary>The saved graph in a folder, or null when it was not saved yet. A folder appears as a whole.</summary>
    public static string? Find(string folder) => Path.Combine(folder, GraphName) is var path && File.Exists(path) ? path : null;

    /// <summary>Whether the saved form was found to compute something else.</summary>
    public static bool IsRefused(string folder) => File.Exists(Path.Combine(folder, RefusedName));

    /// <summary>Entries that make a load save what it has made.</summary>
    public static IReadOnlyDictionary<string, string> SavingEntries { get; } = new Dictionary<string, string>
    {
        ["session.save_external_prepacked_constant_initializers"] = "1",
        ["session.optimized_model_external_initializers_file_name"] = WeightsName,
        ["session.optimized_model_external_initializers_min_size_in_bytes"] = "1024",
    };

    /// <summary>A folder to save into, beside the one that it becomes.</summary>
    public static string Begin(string folder)
    {
        string temporary = $"{folder}.{Guid.NewGuid():N}.part";
        Directory.CreateDirectory(temporary);
        return temporary;
    }

    public static string GraphIn(string folder) => Path.Combine(folder, GraphName);

    /// <summary>What was saved takes its place, unless another process was faster or nothing came of it.</summary>
    public static void Complete(string temporary, string folder, ILogger logger)
    {
        try
        {
            if (File.Exists(Path.Combine(temporary, GraphName)) && !Directory.Exists(folder))
            {
                Directory.Move(temporary, folder);
                LogSaved(logger, folder);
                return;
            }
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Another process was faster.
        }

        Abandon(temporary);
    }

    /// <summary>Notes that this library cannot save this model.</summary>
    public static void Refuse(string temporary, string folder, ILogger logger)
    {
        Abandon(temporary);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, RefusedName), "What this version of ONNX Runtime saved computed something else than the model.\n");
        LogRefused(logger, folder);
    }

    public static void Abandon(string temporary)
    {
        if (Directory.Exists(temporary))
        {
            Directory.Delete(temporary, recursive: true);
        }
    }

    private static bool IsPartOfAModel(FileInfo file) => file.Extension is not (".json" or ".jinja" or ".md" or ".txt");

    [LoggerMessage(EventId = 13, EventName = "PrepackedRefused", Level = LogLevel.Warning,
        Message = "The model is not kept as this processor reads it: what ONNX Runtime saved computed something else. Noted in {Folder}.")]
    private static partial void LogRefused(ILogger logger, string folder);

    [LoggerMessage(EventId = 12, EventName = "PrepackedSaved", Level = LogLevel.Information, Message = "Saved the model with its weights as this processor reads them: {Folder}.")]
    private static partial void LogSaved(ILogger logger, string folder);
}
