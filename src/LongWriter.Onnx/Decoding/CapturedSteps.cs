using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Which runs are captured as a CUDA graph and replayed: steps of one token for each of the same rows, since then every shape and every address is the same.
/// All others say that they are not to be captured.
/// </summary>
/// <param name="most">Graphs at most; each keeps memory of the device until the model is disposed of.</param>
internal sealed class CapturedSteps(int most = CapturedSteps.MostGraphs)
{
    private const int MostGraphs = 32;
    private const int NotCaptured = -1;

    private readonly Dictionary<(int FirstRow, int Rows), int> ids = [];

    /// <summary>Makes the next run with these options one that is captured or replayed, or not.</summary>
    public void Select(OrtRunOptions options, int firstRow, int rows, int tokens) => options.SelectGraph(tokens == 1 ? IdOf((firstRow, rows)) : NotCaptured);

    private int IdOf((int FirstRow, int Rows) key)
    {
        if (ids.TryGetValue(key, out int known))
        {
            return known;
        }

        // From 1 up: 0 is what a run without an id gets.
        int id = ids.Count < most ? ids.Count + 1 : NotCaptured;
        if (id != NotCaptured)
        {
            ids.Add(key, id);
        }

        return id;
    }
}
