namespace LongWriter.Onnx.Chat.Templates;

/// <summary>One message as a template sees it.</summary>
/// <param name="Role">Such as system, user or assistant.</param>
/// <param name="Content">The text.</param>
public sealed record ChatTemplateMessage(string Role, string Content);
