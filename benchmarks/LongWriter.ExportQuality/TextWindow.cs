namespace LongWriter.ExportQuality;

/// <summary>Tokens that are seen together. The first is given, the others are predicted.</summary>
/// <param name="Ids">The tokens.</param>
/// <param name="PredictedBytes">UTF-8 bytes of the text of all but the first.</param>
internal sealed record TextWindow(int[] Ids, int PredictedBytes);
