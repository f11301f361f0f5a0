namespace LongWriter.Onnx.Export;

/// <summary>How far an export is.</summary>
/// <param name="Stage">What was just written, for example "layer 3".</param>
/// <param name="CompletedSteps">Steps done.</param>
/// <param name="TotalSteps">Steps in all.</param>
public readonly record struct ExportProgress(string Stage, int CompletedSteps, int TotalSteps);
