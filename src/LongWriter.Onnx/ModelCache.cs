using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Model;

namespace LongWriter.Onnx;

/// <summary>
/// Finds the exported form of a model folder, exporting it once. The name of an export says what it was made from (hash of configuration and
/// weights) and how (options), so a changed model is exported again and an unchanged one never. Two processes may come at once: the second waits.
/// </summary>
internal sealed class ModelCache(string? cacheFolder)
{
    private static readonly TimeSpan LockPollInterval = TimeSpan.FromMilliseconds(100);

    private readonly string root = cacheFolder ?? DefaultFolder();

    /// <summary>
    /// The folder to run: <paramref name="modelFolder"/> itself when it has a graph, of ours, of onnxruntime-genai's builder or of Optimum, else its export in the cache.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="modelFile"/> is not for this folder.</exception>
    /// <exception cref="ModelFormatException">The folder is neither an export nor a model that can be exported.</exception>
    /// <exception cref="IOException">The cache cannot be written.</exception>
    public string Prepare(string modelFolder, ExportOptions options, IProgress<ExportProgress>? progress, CancellationToken cancellationToken, string? modelFile = null)
    {
        if (FolderForms.Of(modelFolder, modelFile) != FolderForm.Source)
        {
            return modelFolder;
        }

        options.Validate();
        if (options.Kv == KvPrecision.Int8)
        {
            // Into the options, so that other scales are another export.
            options = options with { KvScales = options.KvScales ?? KvScalesFile.Find(modelFolder) };
        }

        string hash = HashOf(modelFolder, cancellationToken);
        string target = Path.Combine(root, $"{hash[..16]}-{NameOf(options)}");
        if (IsExportOf(target, hash))
        {
            return target;
        }

        Directory.CreateDirectory(root);
        using FileStream turn = WaitForTurn($"{target}.lock", cancellationToken);

        // While this process waited another may have done the work.
        if (!IsExportOf(target, hash))
        {
            ModelExporter.Export(modelFolder, target, options with { Overwrite = true }, progress, cancellationToken);
        }

        return target;
    }

    private static string HashOf(string modelFolder, CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(modelFolder, "config.json")))
        {
            throw new ModelFormatException($"{modelFolder}: expected {ModelManifest.FileName} of an export, {GenAiModelConfig.FileName} of onnxruntime-genai's builder, or config.json with safetensors or a graph (.onnx), found none of them.");
        }

        using SafetensorsModel source = SafetensorsModel.Open(modelFolder);
        return SourceHash.Compute(source.FilePaths, cancellationToken);
    }

    /// <summary>Readable, and different for options that give different files.</summary>
    internal static string NameOf(ExportOptions options)
    {
        string weights = PrecisionTypes.NameOf(options.Weights);
        string block = options.HasBlocks ? FormattableString.Invariant($"-b{options.BlockSize}") : "";
        string kv = $"-kv{PrecisionTypes.ShortNameOf(PrecisionTypes.Of(options.Kv))}";
        string signature = options.Signature == Signature.GenAi ? "-genai" : "";
        string prefill = options.HasFloatPrefill ? "-pf32" : "";
        string operators = options.HasLayerOperators ? "-layers" : options.HasOwnOperators ? "-own" : "";
        string packed = options.PackProjections ? "" : "-unpacked";
        string embedding = options.Embedding == EmbeddingPrecision.Float32 ? "" : $"-e{PrecisionTypes.ShortNameOf(PrecisionTypes.Of(options.Embedding))}";
        string activations = options.Activations == ActivationPrecision.Float32 ? "" : $"-a{PrecisionTypes.ShortNameOf(PrecisionTypes.Of(options.Activations))}";
        string positions = options.MaxPositions is { } count ? FormattableString.Invariant($"-p{count}") : "";
        return FormattableString.Invariant($"{weights}{block}{kv}{prefill}{operators}{packed}{signature}{embedding}{activations}{positions}{ScalesName(options.KvScales)}-v{ModelManifest.CurrentVersion}");
    }

    private static string ScalesName(KvScales? scales)
    {
        if (scales is null)
        {
            return "";
        }

        string values = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{string.Join(',', scales.Keys)};{string.Join(',', scales.Values)}");
        return $"-s{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(values)))[..8]}";
    }

    /// <summary>An export appears as a whole, so its manifest speaks for all of it.</summary>
    private static bool IsExportOf(string folder, string hash)
    {
        string path = Path.Combine(folder, ModelManifest.FileName);
        try
        {
            return File.Exists(path) && JsonSerializer.Deserialize(File.ReadAllBytes(path), ModelManifestJson.Default.ModelManifest)?.SourceSha256 == hash;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whoever holds the file open has the turn; the system closes it even when the process is killed.</summary>
    private static FileStream WaitForTurn(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                cancellationToken.WaitHandle.WaitOne(LockPollInterval);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    private static string DefaultFolder() => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "longwriter", "models");
}
