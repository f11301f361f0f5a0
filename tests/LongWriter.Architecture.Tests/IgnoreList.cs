using System.IO.Enumeration;

namespace LongWriter.Architecture;

/// <summary>The part of the .gitignore format that this repository uses: one pattern per line, "name", "name/", "*.ext", "/path/from/root"; no exceptions with "!".</summary>
internal sealed class IgnoreList
{
    private readonly List<string> _patterns = [];

    public static IgnoreList Parse(string text)
    {
        IgnoreList list = new();
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('!'))
            {
                throw new FormatException($".gitignore: \"{line}\": exceptions are not understood by the architecture tests.");
            }

            if (!line.StartsWith('#'))
            {
                list._patterns.Add(line);
            }
        }

        return list;
    }

    /// <summary>Whether a pattern matches.</summary>
    /// <param name="path">From the root, forward slashes; a folder ends with a slash.</param>
    public bool Contains(string path) => _patterns.Exists(pattern => Matches(pattern, path));

    private static bool Matches(string pattern, string path)
    {
        bool isFolder = path.EndsWith('/');
        if (pattern.EndsWith('/') && !isFolder)
        {
            return false;
        }

        string wanted = pattern.TrimEnd('/');
        string candidate = path.TrimEnd('/');

        // A slash at the start or in the middle ties the pattern to the root; otherwise it is a name at any depth.
        return wanted.Contains('/')
            ? FileSystemName.MatchesSimpleExpression(wanted.TrimStart('/'), candidate, ignoreCase: false)
            : FileSystemName.MatchesSimpleExpression(wanted, candidate.AsSpan(candidate.LastIndexOf('/') + 1), ignoreCase: false);
    }
}
