namespace LongWriter.Architecture;

internal static class Findings
{
    /// <summary>Fails with every finding on a line of its own: Assert.Equal would cut the list short.</summary>
    public static void AssertNone(IEnumerable<string> findings)
    {
        string[] found = [.. findings];
        Assert.True(found.Length == 0, $"{found.Length} found:\n{string.Join('\n', found)}");
    }
}
