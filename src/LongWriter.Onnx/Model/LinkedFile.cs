namespace LongWriter.Onnx.Model;

/// <summary>Hugging Face's download cache gives folders of links, and a link's own length is that of the path it holds.</summary>
internal static class LinkedFile
{
    /// <summary>The file itself, or what a link leads to at last, which need not exist.</summary>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static FileInfo Resolve(string path)
    {
        var file = new FileInfo(path);

        // Of a file that is not there, which is no link either, the target cannot be asked.
        return file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
    }
}
