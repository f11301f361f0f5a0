using System.Reflection;

namespace LongWriter.Architecture;

public sealed class PublicApiTests
{
    private const string AcceptVariable = "LONGWRITER_ACCEPT_API";
    private const string AcceptCommand = AcceptVariable + "=1 dotnet test --project tests/LongWriter.Architecture.Tests";

    [Theory]
    [InlineData("LongWriter.Abstractions")]
    [InlineData("LongWriter.Core")]
    [InlineData("LongWriter.Onnx")]
    [InlineData("LongWriter.OpenAI")]
    public void PublicApi_Library_IsAsItsFileSays(string library)
    {
        string file = $"src/{library}/PublicApi.txt";
        string[] now = PublicApi.Of(Assembly.Load(library).GetExportedTypes());
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
        {
            File.WriteAllText(Repository.Absolute(file), string.Concat(now.Select(line => line + "\n")));
        }

        Assert.True(File.Exists(Repository.Absolute(file)), $"{file} is missing. Write it: {AcceptCommand}");
        string[] promised = Repository.Read(file).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string difference = PublicApi.Difference(promised, now);
        Assert.True(difference.Length == 0, $"{file} differs from the library:\n{difference}\nIf this change is meant, accept it: {AcceptCommand}");
    }

    [Fact]
    public void Difference_LinesThatCameAndWent_AreMarked() => Assert.Equal("- b\n+ c", PublicApi.Difference(["a", "b"], ["a", "c"]));

    [Fact]
    public void Of_TypesOfAllKinds_IsReadable()
    {
        string[] expected =
        [
            "Point: public readonly record struct",
            "Point: public Point(int X, int? Y = null)",
            "Point: public int X { get; init; }",
            "Point: public int? Y { get; init; }",
            "Sample<T>: public abstract class : IComparable<string> where T : class, new()",
            "Sample<T>: protected Sample(in int a, params string[] rest)",
            "Sample<T>: protected virtual ValueTask<string?> ReadAsync(IReadOnlyList<T?> items, out bool found, CancellationToken cancellationToken = default)",
            "Sample<T>: public abstract int CompareTo(string? other)",
            "Sample<T>: public const string Name = \"a\\nb\"",
            "Sample<T>: public event EventHandler? Changed",
            "Sample<T>: public override string ToString()",
            "Sample<T>: public required string Title { get; set; }",
            "Sample<T>: public static implicit operator int(Sample<T> sample)",
            "Sample<T>: public static readonly int Count",
            "Sample<T>: public string this[int index] { get; protected set; }",
            "Sample<T>: public void Fill<U>(Span<U> span, SampleExtensions.Kind kind = SampleExtensions.Kind.Second, double scale = 0.5, string? text = \"x\", char c = 'c') where U : struct, IComparable<U>",
            "SampleExtensions: public static class",
            "SampleExtensions: public static int Twice(this int value)",
            "SampleExtensions.Kind: public enum",
            "SampleExtensions.Kind: First = 1",
            "SampleExtensions.Kind: Second = 2",
            "Sample<T>.Entry<V>: public sealed class",
            "Sample<T>.Entry<V>: public Entry()",
            "Sample<T>.Entry<V>: public V? Value",
            "Visitor: public delegate bool Visitor(string? text, ref int count)",
        ];

        string[] lines = PublicApi.Of([typeof(Shapes.Point), typeof(Shapes.Sample<>), typeof(Shapes.Sample<>.Entry<>), typeof(Shapes.SampleExtensions.Kind), typeof(Shapes.SampleExtensions), typeof(Shapes.Visitor)]);

        Assert.Equal(expected.Select(line => "LongWriter.Architecture.Shapes." + line).Order(StringComparer.Ordinal), lines);
    }
}
