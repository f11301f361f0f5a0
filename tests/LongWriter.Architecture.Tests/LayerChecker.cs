using System.Text.RegularExpressions;

namespace LongWriter.Architecture;

/// <summary>Compares C# files with a <see cref="LayerTable"/>. Reads text, not assemblies, so that a finding has a file and a line.</summary>
internal sealed partial class LayerChecker(LayerTable table)
{
    private const string ForeignNamespace = "Microsoft.Extensions.DependencyInjection";

    /// <summary>What breaks the table, as "path:line: what"; empty when nothing does.</summary>
    public IReadOnlyList<string> Check(IReadOnlyList<SourceFile> files)
    {
        List<Place> places = [.. files.Select(PlaceOf)];
        Dictionary<(string Project, string Folder), HashSet<string>> types = places
            .GroupBy(p => (p.Project.Name, p.Folder))
            .ToDictionary(g => g.Key, g => g.SelectMany(p => TypeDeclaration().Matches(p.Code)).Select(m => m.Groups["name"].Value).ToHashSet(StringComparer.Ordinal));
        return [.. places.SelectMany(p => CheckFile(p, types))];
    }

    private IEnumerable<string> CheckFile(Place place, Dictionary<(string Project, string Folder), HashSet<string>> types)
    {
        string[] lines = place.Code.Split('\n');
        bool sawNamespace = false;
        for (int i = 0; i < lines.Length; i++)
        {
            foreach (string finding in CheckLine(place, lines[i], types, ref sawNamespace))
            {
                yield return $"{place.Path}:{i + 1}: {finding}";
            }
        }

        // A program of top-level statements has no namespace.
        if (!sawNamespace && Path.GetFileName(place.Path) != "Program.cs" && TypeDeclaration().IsMatch(place.Code))
        {
            yield return $"{place.Path}:1: the namespace must be {place.Namespace} but there is none";
        }

        if (place.Folder.Length > 0 && HasTable(place.Project) && RuleOf(place.Project, place.Folder) is null)
        {
            yield return $"{place.Path}:1: the folder {place.Folder} of {place.Project.Name} is not in the table of docs/architecture.md";
        }
    }

    private List<string> CheckLine(Place place, string line, Dictionary<(string Project, string Folder), HashSet<string>> types, ref bool sawNamespace)
    {
        List<string> findings = [];
        Match declaration = NamespaceDeclaration().Match(line);
        if (declaration.Success)
        {
            sawNamespace = true;
            string found = declaration.Groups["name"].Value;
            bool isForeign = found == ForeignNamespace && table.ForeignNamespaceFiles.Contains(place.Path);
            if (found != place.Namespace && !isForeign)
            {
                findings.Add($"the namespace must be {place.Namespace} but is {found}");
            }

            return findings;
        }

        if (UnsafeWord().Match(line) is { Success: true } word && !place.Path.StartsWith(table.UnsafeFolder, StringComparison.Ordinal))
        {
            findings.Add($"{word.Value} is allowed in {table.UnsafeFolder} only");
        }

        findings.AddRange(OwnName().Matches(line).Select(m => CheckImport(place, m.Value)).OfType<string>());
        findings.AddRange(RelativeName().Matches(line).Select(m => CheckRelative(place, m, types)).OfType<string>());
        return findings;
    }

    /// <summary>A name that begins with LongWriter, in a using line or anywhere else.</summary>
    private string? CheckImport(Place place, string name)
    {
        // The longest namespace that the name begins with says which project and folder it is of.
        (ProjectRule Project, string Folder, string Namespace) target = table.Projects
            .Select(p => (p, "", p.RootNamespace))
            .Concat(table.Folders.Select(f => (Project(f.Project), f.Folder, $"{Project(f.Project).RootNamespace}.{f.Folder}")))
            .Where(t => name == t.Item3 || name.StartsWith(t.Item3 + ".", StringComparison.Ordinal))
            .MaxBy(t => t.Item3.Length);
        return target.Namespace is null || IsAllowed(place, target.Project, target.Folder) ? null : Forbidden(place, name);
    }

    /// <summary>"Scoring.LengthScore" without the LongWriter in front, which needs no using line in a neighbouring namespace.</summary>
    private string? CheckRelative(Place place, Match name, Dictionary<(string Project, string Folder), HashSet<string>> types)
    {
        string folder = name.Groups["folder"].Value;
        bool isType = types.TryGetValue((place.Project.Name, folder), out HashSet<string>? declared) && declared.Contains(name.Groups["type"].Value);
        return isType && !IsAllowed(place, place.Project, folder) ? Forbidden(place, name.Value) : null;
    }

    private bool IsAllowed(Place place, ProjectRule target, string folder)
    {
        // Abstractions and Core share a root namespace: what is directly in LongWriter is everybody's.
        if (target.RootNamespace == "LongWriter" && folder.Length == 0)
        {
            return true;
        }

        return place.Project.Name == target.Name
            ? place.Folder.Length == 0 || folder.Length == 0 || folder == place.Folder || !HasTable(target)
                || RuleOf(place.Project, place.Folder) is { } rule && rule.MayImport.Contains(folder)
            : place.Project.MayReference.Contains(target.Name);
    }

    private static string Forbidden(Place place, string name) =>
        $"{place.Project.Name}{(place.Folder.Length > 0 ? "/" + place.Folder : "")} may not import {name}";

    private bool HasTable(ProjectRule project) => Array.Exists(table.Folders, f => f.Project == project.Name);

    private FolderRule? RuleOf(ProjectRule project, string folder) => Array.Find(table.Folders, f => f.Project == project.Name && f.Folder == folder);

    private ProjectRule Project(string name) =>
        Array.Find(table.Projects, p => p.Name == name) ?? throw new ArgumentException($"{name} is not in the table of projects.", nameof(name));

    private Place PlaceOf(SourceFile file)
    {
        // src/<project>/<folder>/…/<file>
        string[] parts = file.Path.Split('/');
        ProjectRule project = Project(parts[1]);
        string[] folders = parts[2..^1];
        string expected = string.Join('.', folders.Prepend(project.RootNamespace));
        return new Place(file.Path, CodeText.Blank(file.Text), project, folders.FirstOrDefault(""), expected);
    }

    private sealed record Place(string Path, string Code, ProjectRule Project, string Folder, string Namespace);

    [GeneratedRegex(@"^\s*namespace\s+(?<name>[\w.]+)")]
    private static partial Regex NamespaceDeclaration();

    [GeneratedRegex(@"\b(class|struct|interface|enum|record|record\s+struct|record\s+class)\s+(?<name>[A-Z]\w*)")]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"\b(unsafe|LibraryImport|DllImport)\b")]
    private static partial Regex UnsafeWord();

    [GeneratedRegex(@"(?<![\w.])LongWriter(\.\w+)+")]
    private static partial Regex OwnName();

    [GeneratedRegex(@"(?<![\w.])(?<folder>[A-Z]\w*)\.(?<type>[A-Z]\w*)")]
    private static partial Regex RelativeName();
}
