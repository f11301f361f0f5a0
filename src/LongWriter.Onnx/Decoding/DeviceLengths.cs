using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Lengths as numbers, for a session that reads some of them from a device: a tensor for each number of rows, whose address stays. Where decode steps are
/// captured the longest length, which a captured graph keeps as it was, is the capacity: attention then reads each row's own length on the device.
/// </summary>
internal sealed class DeviceLengths : StepLengths
{
    private readonly DecoderModel model;
    private readonly OrtIoBinding binding;
    private readonly int capacity;
    private readonly StepInput longest;
    private readonly TensorCopies? longestUpload;
    private readonly StepInput?[] lengths;
    private readonly TensorCopies?[] uploads;
    private int boundRows;

    public DeviceLengths(DecoderModel model, OrtIoBinding binding, KvCache cache)
    {
        this.model = model;
        this.binding = binding;
        capacity = cache.Capacity;
        lengths = new StepInput?[cache.Rows + 1];
        uploads = new TensorCopies?[cache.Rows + 1];
        longest = new StepInput(model, model.TotalSequenceLength!.Value, TensorElementType.Int32);
        longestUpload = StepInput.Uploads(model.Session.Environment, longest);
        longest.Bind(binding);
    }

    public override void Set(ReadOnlySpan<int> pasts, int tokens)
    {
        int rows = pasts.Length;
        StepInput target = Of(rows);
        if (boundRows != rows)
        {
            target.Bind(binding);
            boundRows = rows;
        }

        Span<int> values = target.OnHost.AsSpan<int>();
        int longestPast = 0;
        for (int row = 0; row < rows; row++)
        {
            values[row] = pasts[row] + tokens - 1;
            longestPast = Math.Max(longestPast, pasts[row]);
        }

        longest.OnHost.AsSpan<int>()[0] = model.CapturesDecodeSteps && tokens == 1 ? capacity : longestPast + tokens;
        uploads[rows]?.Run();
        longestUpload?.Run();
    }

    public override void Dispose()
    {
        longestUpload?.Dispose();
        longest.Dispose();
        for (int rows = 0; rows < lengths.Length; rows++)
        {
            uploads[rows]?.Dispose();
            lengths[rows]?.Dispose();
        }
    }

    private StepInput Of(int rows)
    {
        if (lengths[rows] is { } made)
        {
            return made;
        }

        var created = new StepInput(model, model.SequenceLengths!.Value, TensorElementType.Int32, rows);
        uploads[rows] = StepInput.Uploads(model.Session.Environment, created);
        return lengths[rows] = created;
    }
}
