namespace LongWriter.Scoring;

/// <summary>
/// Finds the JSON in a model's reply and reads it as a person would: prose and code fences around it, single or curly quotes, names without
/// quotes, trailing and missing commas, comments, Chinese punctuation and raw line breaks are all taken. Never throws; time is linear.
/// </summary>
internal static class LooseJson
{
    /// <summary>What may be read in vain, as a multiple of the text; a text of braces alone would take quadratic time otherwise.</summary>
    private const int WastePerChar = 8;

    private const int WasteAllowed = 10_000;

    /// <summary>Reads all objects and lists that stand in <paramref name="text"/>.</summary>
    public static LooseJsonResult ReadAll(string text)
    {
        List<LooseFind> finds = [];
        LooseJsonReader? failed = null;
        int failedStart = 0;
        long wasted = 0;
        int start = NextOpening(text, 0);
        while (start >= 0 && wasted <= ((long)WastePerChar * text.Length) + WasteAllowed)
        {
            var reader = new LooseJsonReader(text, start);
            if (reader.Read() is { } value)
            {
                finds.Add(new LooseFind(value, start, reader.Position));
                start = NextOpening(text, reader.Position);
                continue;
            }

            wasted += reader.Position - start;
            if (failed is null || reader.Position - start > failed.Position - failedStart)
            {
                (failed, failedStart) = (reader, start);
            }

            start = NextOpening(text, start + 1);
        }

        return new LooseJsonResult(finds, failed is null ? null : new LooseFailure(failed.Problem!, failed.IsCut, failedStart, failed.Position));
    }

    private static int NextOpening(string text, int from)
    {
        int found = from < text.Length ? text.AsSpan(from).IndexOfAny("{[｛") : -1;
        return found < 0 ? -1 : from + found;
    }
}
