namespace LongWriter.Onnx.Chat.Trunks;

/// <summary>A place between two records of a trunk's file.</summary>
/// <param name="Position">Bytes before it.</param>
/// <param name="Chain">Hash of the record before it.</param>
internal sealed record TrunkPlace(long Position, byte[] Chain);
