namespace LongWriter.Cli;

/// <summary>Writes a command so that a shell reads back the same arguments.</summary>
internal static class ShellLine
{
    private const string Plain = "-_./:=@%+,";

    public static string Join(IEnumerable<string> arguments) => string.Join(' ', arguments.Select(argument => Quote(argument, OperatingSystem.IsWindows())));

    /// <summary>One argument, quoted where a shell would not take it as it is: single quotes for POSIX shells, double quotes for Windows.</summary>
    public static string Quote(string argument, bool windows)
    {
        bool isPlain = argument.Length > 0
            && argument.All(c => char.IsAsciiLetterOrDigit(c) || Plain.Contains(c, StringComparison.Ordinal) || (windows && c == '\\'));
        return isPlain ? argument
            : windows ? $"\"{argument.Replace("\"", "\\\"", StringComparison.Ordinal)}\""
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
