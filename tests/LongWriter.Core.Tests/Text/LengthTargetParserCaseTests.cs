using System.Text.Json;
using LongWriter.Testing;
using LongWriter.Text;

namespace LongWriter.Core.Tests.Text;

public sealed class LengthTargetParserCaseTests
{
    [Fact]
    public void Parse_CasesOfOurOwn_ReadsEachAsLabelled()
    {
        IReadOnlyList<LengthCase> cases = LengthCase.ReadAll();
        string[] wrong = [.. cases
            .Select(item => (item.Instruction, item.Expected, Actual: Read(item.Instruction)))
            .Where(item => item.Expected != item.Actual)
            .Select(item => $"expected {item.Expected}, read {item.Actual}: {item.Instruction}")];

        Assert.True(cases.Count >= 150, $"{cases.Count} cases");
        Assert.True(wrong.Length == 0, $"{wrong.Length} of {cases.Count} wrong\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public void Parse_LongBenchWrite_FindsTheLabelWhereALengthIsStated()
    {
        (int right, int stated, List<string> wrong, List<string> invented) = Score("data/longbench-write/longbench_write.jsonl", [300, 800, 1000]);

        Assert.Equal(117, stated);
        Assert.True(right >= 116, $"{right} of {stated} right\n{string.Join('\n', wrong)}");
        Assert.True(invented.Count == 0, string.Join('\n', invented));
    }

    [Fact]
    public void Parse_LongWriteRuler_FindsEveryLabel()
    {
        (int right, int stated, List<string> wrong, _) = Score("data/longwrite-ruler/longwrite_ruler.jsonl", []);

        Assert.Equal(48, stated);
        Assert.True(right == stated, string.Join('\n', wrong));
    }

    /// <summary>
    /// Scores a suite. Where a prompt says its label nowhere (three of LongBench-Write: a list of emojis, a rewrite of a long text, ten
    /// quiz questions), no length must be read.
    /// </summary>
    private static (int Right, int Stated, List<string> Wrong, List<string> Invented) Score(string file, int[] labelsOfSilentPrompts)
    {
        if (!SharedData.TryFind(file, out string? path))
        {
            Assert.Skip($"{file} is not there; {SharedData.Variable} names the folder that holds it.");
        }

        string[] silentOpenings = labelsOfSilentPrompts.Length == 0 ? [] : ["Write a list of 15 emojis", "什么是燕窝", "出10道"];
        (int right, int stated, List<string> wrong, List<string> invented) = (0, 0, [], []);
        foreach (string line in File.ReadLines(path).Where(line => line.Length > 0))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            string prompt = document.RootElement.GetProperty("prompt").GetString()!;
            int label = document.RootElement.GetProperty("length").GetInt32();
            LengthTarget? target = LengthTargetParser.Parse(prompt);
            string report = $"label {label}, read {target?.ToString() ?? "none"}: {prompt[..Math.Min(120, prompt.Length)]}";
            if (silentOpenings.Any(opening => prompt.StartsWith(opening, StringComparison.Ordinal)))
            {
                Assert.Contains(label, labelsOfSilentPrompts);
                invented.AddRange(target is null ? [] : [report]);
                continue;
            }

            stated++;
            right += target?.Value == label ? 1 : 0;
            wrong.AddRange(target?.Value == label ? [] : [report]);
        }

        return (right, stated, wrong, invented);
    }

    private static string Read(string instruction)
    {
        try
        {
            return LengthTargetParser.Parse(instruction)?.ToString() ?? "none";
        }
        catch (ArgumentOutOfRangeException exception)
        {
            return exception.Message;
        }
    }
}
