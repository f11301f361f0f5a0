namespace LongWriter.Onnx.Model;

/// <summary>What a model's folder is, by the files that are in it.</summary>
internal enum FolderForm
{
    /// <summary>Weights that must be exported first, or no model at all.</summary>
    Source,

    /// <summary>An export of ours: longwriter.json.</summary>
    Exported,

    /// <summary>Of onnxruntime-genai's builder: genai_config.json.</summary>
    GenAi,

    /// <summary>config.json and a graph that explains itself, as Optimum writes them and transformers.js reads them.</summary>
    Optimum,
}

internal static class FolderForms
{
    /// <summary>Weights come before graphs beside them; a graph that <paramref name="modelFile"/> names comes before both.</summary>
    /// <exception cref="ArgumentException">The folder's own description names its graph, or <paramref name="modelFile"/> leads out of the folder.</exception>
    public static FolderForm Of(string folder, string? modelFile)
    {
        FolderForm form =
            File.Exists(Path.Combine(folder, ModelManifest.FileName)) ? FolderForm.Exported
            : File.Exists(Path.Combine(folder, GenAiModelConfig.FileName)) ? FolderForm.GenAi
            : FolderForm.Source;
        if (modelFile is not null)
        {
            OptimumGraphs.RequireInside(modelFile);
            return form == FolderForm.Source ? FolderForm.Optimum : throw new ArgumentException(
                $"ModelFile must be null for a folder with {(form == FolderForm.Exported ? ModelManifest.FileName : GenAiModelConfig.FileName)}, which names its graph, but is '{modelFile}'.");
        }

        bool onlyGraphs = form == FolderForm.Source && Directory.Exists(folder)
            && !Directory.EnumerateFiles(folder, "*.safetensors*").Any() && OptimumGraphs.Find(folder).Count > 0;
        return onlyGraphs ? FolderForm.Optimum : form;
    }
}
