using System.Text.Json;

namespace LongWriter.Core.Tests.Text;

/// <summary>A line of length-cases.jsonl: an instruction and the length it asks for; kind null where it asks for none.</summary>
public sealed record LengthCase(string Instruction, string? Kind, int? Min, int? Max, string? Unit)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<LengthCase> ReadAll() =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Text", "length-cases.jsonl")).Select(line => JsonSerializer.Deserialize<LengthCase>(line, Options)!)];

    /// <summary>The target in words, as <see cref="LengthTarget.ToString"/> says it; "none" without one.</summary>
    public string Expected => (Kind, Unit == "characters" ? "字" : "words") switch
    {
        (null, _) => "none",
        ("AtLeast", var unit) => $"at least {Min} {unit}",
        ("AtMost", var unit) => $"at most {Max} {unit}",
        ("Range", var unit) => $"{Min} to {Max} {unit}",
        var (_, unit) => $"{Max} {unit}",
    };
}
