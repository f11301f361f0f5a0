namespace LongWriter.Architecture.Shapes;

#pragma warning disable // Members of every shape that the API listing must print; nothing here is meant to be used.

public readonly record struct Point(int X, int? Y = null);

public delegate bool Visitor(string? text, ref int count);

public static class SampleExtensions
{
    public enum Kind
    {
        First = 1,
        Second = 2,
    }

    public static int Twice(this int value) => value * 2;
}

public abstract class Sample<T> : IComparable<string?>
    where T : class, new()
{
    public const string Name = "a\nb";
    public static readonly int Count = 1;
    private readonly int _hidden;

    protected Sample(in int a, params string[] rest) => _hidden = a;

    private protected Sample() => _hidden = 1;

    public event EventHandler? Changed;

    public sealed class Entry<V>
    {
        public V? Value;
    }

    public required string Title { get; set; }

    public string this[int index]
    {
        get => "";
        protected set { }
    }

    public static implicit operator int(Sample<T> sample) => sample._hidden;

    public abstract int CompareTo(string? other);

    public void Fill<U>(Span<U> span, SampleExtensions.Kind kind = SampleExtensions.Kind.Second, double scale = 0.5, string? text = "x", char c = 'c')
        where U : struct, IComparable<U>
    {
    }

    public override string ToString() => "";

    internal void Hidden()
    {
    }

    protected virtual ValueTask<string?> ReadAsync(IReadOnlyList<T?> items, out bool found, CancellationToken cancellationToken = default)
    {
        found = true;
        return default;
    }
}
