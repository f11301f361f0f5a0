namespace LongWriter.Onnx.Decoding;

/// <summary>The middle of the last few measurements, the lower one of two: what something else on the machine held up now and then does not move it.</summary>
internal sealed class LateMedian
{
    /// <summary>Measurements that count.</summary>
    public const int Kept = 7;

    private readonly double[] late = new double[Kept];
    private int next;

    /// <summary>How many there are, up to <see cref="Kept"/>.</summary>
    public int Count { get; private set; }

    /// <summary>0 while there is none.</summary>
    public double Value { get; private set; }

    public void Add(double measured)
    {
        late[next] = measured;
        next = (next + 1) % Kept;
        Count = Math.Min(Count + 1, Kept);
        Update();
    }

    /// <summary>Forgets the oldest one.</summary>
    public void Drop()
    {
        Count = Math.Max(0, Count - 1);
        Update();
    }

    public void Clear() => (Count, Value) = (0, 0);

    private void Update()
    {
        Span<double> sorted = stackalloc double[Kept];
        for (int i = 0; i < Count; i++)
        {
            sorted[i] = late[(next - 1 - i + Kept) % Kept];
        }

        sorted = sorted[..Count];
        sorted.Sort();
        Value = Count == 0 ? 0 : sorted[(Count - 1) / 2];
    }
}
