namespace LongWriter.Onnx.Tokenization.Patterns;

/// <summary>
/// A regular expression over code points: leftmost, alternatives in order, with backtracking, as the reference's engine does it.
/// .NET's Regex works on UTF-16 units, for which an astral letter is no letter. Safe for concurrent use.
/// </summary>
internal sealed class PatternProgram(PatternInstruction[] instructions)
{
    private const long StepsPerUnit = 512;
    private const long FreeSteps = 100_000;

    /// <summary>The end of the match that begins at <paramref name="start"/>, or -1.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    /// <param name="start">Where the match has to begin.</param>
    /// <param name="place">The pattern's place in its file, for the error message.</param>
    /// <exception cref="TokenizerFormatException">The pattern backtracks out of all proportion to the text.</exception>
    public int Match(ReadOnlySpan<char> text, int start, string place)
    {
        // The bound is a count, not a clock: the same text gives the same outcome on every machine.
        long stepsLeft = FreeSteps + (StepsPerUnit * (text.Length - start));
        int end = Run(text, 0, start, ref stepsLeft);
        return stepsLeft >= 0
            ? end
            : throw new TokenizerFormatException($"{place}: expected a pattern that settles each match in {StepsPerUnit} steps per character, found one that backtracks more.", place);
    }

    private int Run(ReadOnlySpan<char> text, int instruction, int position, ref long stepsLeft)
    {
        Stack<Retry>? retries = null;
        while (true)
        {
            if (--stepsLeft < 0)
            {
                return -1;
            }

            PatternInstruction current = instructions[instruction];
            bool failed = false;
            switch (current.Operation)
            {
                case PatternOperation.Accept:
                    return position;
                case PatternOperation.Greedy or PatternOperation.Possessive:
                    int end = TakeAll(text, position, current, out int minimumEnd, ref stepsLeft);
                    failed = end < 0;
                    if (!failed && end > minimumEnd && current.Operation == PatternOperation.Greedy)
                    {
                        (retries ??= new Stack<Retry>()).Push(new Retry(instruction + 1, end, minimumEnd));
                    }

                    position = end;
                    instruction++;
                    break;
                case PatternOperation.Fork:
                    (retries ??= new Stack<Retry>()).Push(new Retry(current.Alternative, position, -1));
                    instruction = current.Target;
                    break;
                case PatternOperation.Jump:
                    instruction = current.Target;
                    break;
                default:
                    bool found = Run(text, instruction + 1, position, ref stepsLeft) >= 0;
                    failed = found != (current.Operation == PatternOperation.LookAhead);
                    instruction = current.Target;
                    break;
            }

            if (failed && !TryAgain(text, retries, ref instruction, ref position))
            {
                return -1;
            }
        }
    }

    private static int TakeAll(
        ReadOnlySpan<char> text, int position, PatternInstruction loop, out int minimumEnd, ref long stepsLeft)
    {
        int count = 0;
        minimumEnd = loop.Min == 0 ? position : -1;
        while (count < loop.Max && position < text.Length)
        {
            int width = char.IsHighSurrogate(text[position]) ? 2 : 1;
            int codePoint = width == 2 ? char.ConvertToUtf32(text[position], text[position + 1]) : text[position];
            if (!loop.Set!.Contains(codePoint))
            {
                break;
            }

            stepsLeft--;
            position += width;
            count++;
            minimumEnd = count == loop.Min ? position : minimumEnd;
        }

        return minimumEnd < 0 ? -1 : position;
    }

    /// <summary>Goes back to the last choice; a loop gives back one code point.</summary>
    private static bool TryAgain(ReadOnlySpan<char> text, Stack<Retry>? retries, ref int instruction, ref int position)
    {
        if (retries is null || !retries.TryPop(out Retry retry))
        {
            return false;
        }

        instruction = retry.Instruction;
        position = retry.Position;
        if (retry.MinimumEnd >= 0)
        {
            position -= char.IsLowSurrogate(text[position - 1]) ? 2 : 1;
            if (position > retry.MinimumEnd)
            {
                retries.Push(retry with { Position = position });
            }
        }

        return true;
    }

    private readonly record struct Retry(int Instruction, int Position, int MinimumEnd);
}
