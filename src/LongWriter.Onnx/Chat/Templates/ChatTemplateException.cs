namespace LongWriter.Onnx.Chat.Templates;

/// <summary>A chat template cannot be read or rendered, or refuses the conversation itself.</summary>
/// <param name="message">Template, line, what is wrong.</param>
/// <param name="line">The line in the template, from 1.</param>
public sealed class ChatTemplateException(string message, int line) : FormatException(message)
{
    /// <summary>The line in the template, from 1.</summary>
    public int Line { get; } = line;
}

/// <summary>A problem at a line, before the template's name is known to it.</summary>
internal sealed class TemplateProblem(int line, string message) : Exception(message)
{
    public int Line { get; } = line;
}
