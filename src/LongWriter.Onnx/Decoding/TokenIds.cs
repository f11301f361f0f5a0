namespace LongWriter.Onnx.Decoding;

/// <summary>Checks ids at the door: the graph would read outside its embedding table's rows, or wrap a negative one around.</summary>
internal static class TokenIds
{
    public static void CollectErrors(ReadOnlySpan<int> ids, string name, int vocabSize, List<string> errors)
    {
        for (int i = 0; i < ids.Length; i++)
        {
            if ((uint)ids[i] >= (uint)vocabSize)
            {
                errors.Add($"{name}[{i}] must be in [0, {vocabSize - 1}] but is {ids[i]}.");
                return;
            }
        }
    }
}
