namespace LongWriter.Onnx.Chat.Trunks;

/// <summary>Some tokens of a trunk with their keys and values.</summary>
/// <param name="From">Position of the first.</param>
/// <param name="Ids">The tokens.</param>
/// <param name="Replies">Which of the trunk's tokens so far replies were generated with: first and end of each.</param>
/// <param name="Kv">Keys and values of the tokens.</param>
internal sealed record TrunkRecord(int From, int[] Ids, (int First, int End)[] Replies, byte[] Kv);
