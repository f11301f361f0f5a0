namespace LongWriter.Architecture;

/// <summary>A project under src.</summary>
/// <param name="Name">Its folder and assembly.</param>
/// <param name="RootNamespace">The namespace of files directly in it.</param>
/// <param name="MayReference">Projects under src that it may reference and import.</param>
internal sealed record ProjectRule(string Name, string RootNamespace, string[] MayReference);

/// <summary>A stage: a folder of a project, its subfolders included.</summary>
/// <param name="Project">The project.</param>
/// <param name="Folder">The folder directly in it.</param>
/// <param name="MayImport">Other stages of the same project that it may import.</param>
internal sealed record FolderRule(string Project, string Folder, string[] MayImport);

/// <summary>"Folders and who may import whom" of docs/architecture.md. Files directly in a project's folder put its parts together and may import all of them.</summary>
internal sealed record LayerTable(ProjectRule[] Projects, FolderRule[] Folders, string UnsafeFolder, string[] ForeignNamespaceFiles)
{
    public static LayerTable House { get; } = new(
        Projects:
        [
            new("LongWriter.Abstractions", "LongWriter", []),
            new("LongWriter.Core", "LongWriter", ["LongWriter.Abstractions"]),
            new("LongWriter.Onnx", "LongWriter.Onnx", ["LongWriter.Abstractions"]),
            new("LongWriter.OpenAI", "LongWriter.OpenAI", ["LongWriter.Abstractions"]),
            new("LongWriter.Cli", "LongWriter.Cli", ["LongWriter.Abstractions", "LongWriter.Core", "LongWriter.Onnx", "LongWriter.OpenAI"]),
        ],
        Folders:
        [
            new("LongWriter.Core", "Text", []),
            new("LongWriter.Core", "Prompts", ["Text"]),
            new("LongWriter.Core", "Calling", ["Text", "Prompts"]),
            new("LongWriter.Core", "Writing", ["Text", "Prompts", "Calling"]),
            new("LongWriter.Core", "Scoring", ["Text", "Prompts", "Calling"]),
            new("LongWriter.Core", "Benchmarking", ["Text", "Prompts", "Calling", "Writing", "Scoring"]),
            new("LongWriter.Core", "Datasets", ["Text", "Prompts", "Calling", "Writing", "Scoring"]),

            new("LongWriter.Onnx", "Runtime", []),
            new("LongWriter.Onnx", "Tokenization", []),
            new("LongWriter.Onnx", "Model", ["Runtime"]),
            new("LongWriter.Onnx", "Export", ["Runtime", "Model"]),
            new("LongWriter.Onnx", "Decoding", ["Runtime", "Model"]),
            new("LongWriter.Onnx", "Chat", ["Model", "Decoding", "Tokenization"]),
            new("LongWriter.Onnx", "Calibration", ["Runtime", "Model", "Export", "Decoding", "Tokenization", "Chat"]),
        ],
        UnsafeFolder: "src/LongWriter.Onnx/Runtime/",
        ForeignNamespaceFiles: ["src/LongWriter.Core/LongWriterServiceCollectionExtensions.cs"]);
}
