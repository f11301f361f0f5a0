namespace LongWriter.Onnx.Tokenization.Patterns;

/// <summary>
/// Compiles the part of the Oniguruma dialect that pre-tokenizers use: literals, classes, properties, groups, alternatives,
/// quantifiers and lookahead. Everything else is refused by name, never read as something it is not.
/// </summary>
internal sealed class PatternCompiler
{
    private const int MaxInstructions = 5_000;
    private const int MaxDepth = 50;
    private const int MaxRepeats = 1_000;

    private readonly PatternReader reader;
    private readonly List<PatternInstruction> program = [];

    private PatternCompiler(string pattern) => reader = new PatternReader(pattern);

    /// <exception cref="PatternException">The pattern is broken, may match nothing, or uses a construct that is not supported.</exception>
    public static PatternProgram Compile(string pattern)
    {
        var compiler = new PatternCompiler(pattern);
        bool mayBeEmpty = compiler.Alternatives(ignoreCase: false, depth: 0);
        if (!compiler.reader.AtEnd)
        {
            throw compiler.reader.Problem("')' without '('");
        }

        if (mayBeEmpty)
        {
            throw new PatternException("a pattern that may match nothing");
        }

        compiler.Emit(new PatternInstruction(PatternOperation.Accept));
        return new PatternProgram([.. compiler.program]);
    }

    /// <summary>Compiles alternatives up to ')' or the end. Returns whether they may match nothing.</summary>
    private bool Alternatives(bool ignoreCase, int depth)
    {
        if (depth > MaxDepth)
        {
            throw reader.Problem($"groups nested deeper than {MaxDepth}");
        }

        bool mayBeEmpty = false;
        var exits = new List<int>();
        while (true)
        {
            int fork = Emit(default);
            mayBeEmpty |= Sequence(ignoreCase, depth);
            if (!reader.TryTake('|'))
            {
                program[fork] = new PatternInstruction(PatternOperation.Jump, Target: fork + 1);
                break;
            }

            exits.Add(Emit(default));
            program[fork] = new PatternInstruction(PatternOperation.Fork, Target: fork + 1, Alternative: program.Count);
        }

        foreach (int exit in exits)
        {
            program[exit] = new PatternInstruction(PatternOperation.Jump, Target: program.Count);
        }

        return mayBeEmpty;
    }

    private bool Sequence(bool ignoreCase, int depth)
    {
        bool mayBeEmpty = true;
        while (!reader.AtEnd && !reader.IsAt('|') && !reader.IsAt(')'))
        {
            mayBeEmpty &= reader.TryTake('(') ? Group(ignoreCase, depth) : SingleSet(ignoreCase);
        }

        return mayBeEmpty;
    }

    private bool SingleSet(bool ignoreCase)
    {
        CodePointSet set = reader.ReadSet(ignoreCase);
        (int min, int max) = reader.ReadQuantifier(MaxRepeats, out bool possessive);
        Emit(new PatternInstruction(possessive ? PatternOperation.Possessive : PatternOperation.Greedy, set, min, max));
        return min == 0;
    }

    private bool Group(bool ignoreCase, int depth)
    {
        if (reader.TryTake("?=") || reader.TryTake("?!"))
        {
            int look = Emit(default);
            bool negative = reader.Previous == '!';
            Alternatives(ignoreCase, depth + 1);
            reader.Take(')');
            Emit(new PatternInstruction(PatternOperation.Accept));
            program[look] = new PatternInstruction(negative ? PatternOperation.LookAheadNot : PatternOperation.LookAhead, Target: program.Count);
            return true;
        }

        if (reader.TryTake("?i:"))
        {
            ignoreCase = true;
        }
        else if (!reader.TryTake("?:") && reader.IsAt('?'))
        {
            throw reader.Problem("a group other than (…), (?:…), (?i:…), (?=…) and (?!…)");
        }

        return RepeatedGroup(ignoreCase, depth);
    }

    /// <summary>Repeats the compiled body as the quantifier asks: m times, then a loop or n − m optional times.</summary>
    private bool RepeatedGroup(bool ignoreCase, int depth)
    {
        int entry = program.Count;
        bool bodyMayBeEmpty = Alternatives(ignoreCase, depth + 1);
        reader.Take(')');
        (int min, int max) = reader.ReadQuantifier(MaxRepeats, out bool possessive);
        if (possessive || (max > 1 && bodyMayBeEmpty))
        {
            throw reader.Problem(possessive ? "a possessive group" : "a repeated group that may match nothing");
        }

        if (min == 1 && max == 1)
        {
            return bodyMayBeEmpty;
        }

        PatternInstruction[] body = [.. program.Skip(entry)];
        program.RemoveRange(entry, body.Length);
        for (int i = 0; i < min; i++)
        {
            EmitCopy(body, entry);
        }

        var exits = new List<int>();
        for (int i = min; i < (max == int.MaxValue ? min + 1 : max); i++)
        {
            exits.Add(Emit(default));
            EmitCopy(body, entry);
        }

        if (max == int.MaxValue)
        {
            Emit(new PatternInstruction(PatternOperation.Jump, Target: exits[0]));
        }

        foreach (int exit in exits)
        {
            program[exit] = new PatternInstruction(PatternOperation.Fork, Target: exit + 1, Alternative: program.Count);
        }

        return min == 0 || bodyMayBeEmpty;
    }

    private void EmitCopy(PatternInstruction[] body, int compiledAt)
    {
        int shift = program.Count - compiledAt;
        foreach (PatternInstruction instruction in body)
        {
            Emit(instruction with { Target = instruction.Target + shift, Alternative = instruction.Alternative + shift });
        }
    }

    private int Emit(PatternInstruction instruction)
    {
        if (program.Count == MaxInstructions)
        {
            throw reader.Problem($"a pattern of more than {MaxInstructions} instructions");
        }

        program.Add(instruction);
        return program.Count - 1;
    }
}
