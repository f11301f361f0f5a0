using System.Text.RegularExpressions;

namespace LongWriter.Architecture;

/// <summary>House rules that a line of text can break. Every finding is "path:line: what".</summary>
internal static partial class HouseChecks
{
    public const int MaxSourceLines = 350;

    public static string? Length(SourceFile file)
    {
        int lines = file.Text.TrimEnd('\n').Split('\n').Length;
        return lines <= MaxSourceLines ? null : $"{file.Path}:{lines}: a source file has at most {MaxSourceLines} lines but this has {lines}";
    }

    /// <summary>Marks of unfinished work in code and comments, and members that throw in place of one. To catch what others throw is no such thing.</summary>
    public static IEnumerable<string> Unfinished(SourceFile file) =>
        Find(file.Path, file.Text, UnfinishedMark()).Concat(Find(file.Path, CodeText.Blank(file.Text), UnfinishedMember()));

    /// <summary>Traces of one machine: what lies where on it, and where it fetches packages.</summary>
    public static IEnumerable<string> MachineTraces(SourceFile file) => Find(file.Path, file.Text, MachineTrace());

    private static IEnumerable<string> Find(string path, string text, Regex pattern)
    {
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            foreach (Match match in pattern.Matches(lines[i]))
            {
                yield return $"{path}:{i + 1}: found \"{match.Value}\"";
            }
        }
    }

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex UnfinishedMark();

    [GeneratedRegex(@"\bnew\s+NotImplementedException\b")]
    private static partial Regex UnfinishedMember();

    // Written so that this file does not contain what it looks for.
    [GeneratedRegex(
        @"(?<![\w.)}*\]])/(home|root|tmp|work|Users)/|\b[A-Z]:\\{1,2}Users\b"
        + @"|\b(api|globalcdn)\.nuget[.]org|\bregistry\.(npmjs|yarnpkg)[.]\w+|\bpypi[.]org/simple|\bfiles\.pythonhosted[.]org|\bjfrog[.]io|\bartifactory[./]|\bpkgs\.dev\.azure[.]com"
        + @"|""resolved""\s*:\s*""http")]
    private static partial Regex MachineTrace();
}
