using System.Runtime.CompilerServices;
using System.Text;

namespace LongWriter.Onnx.Chat.Templates;

/// <summary>A function a template can call.</summary>
internal delegate object? TemplateFunction(CallArguments arguments, RenderContext context, int line);

/// <summary>What a call was given.</summary>
internal sealed record CallArguments(IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Named);

internal enum LoopSignal
{
    None,
    Break,
    Continue,
}

/// <summary>One rendering: variables, output, and the bound on work.</summary>
internal sealed class RenderContext
{
    /// <summary>Nodes visited plus characters and items made. A million-character conversation takes a few million.</summary>
    public const long MaxWork = 50_000_000;

    /// <summary>What an item of a new list costs, as it takes that many times the memory of a character.</summary>
    public const int ItemCost = 16;

    /// <summary>A macro may call itself, to write a schema for example.</summary>
    private const int MaxCallDepth = 64;

    private List<Dictionary<string, object?>> scopes = [new(StringComparer.Ordinal)];
    private StringBuilder output = new();
    private long work;
    private int callDepth;

    public string Output => output.ToString();

    public LoopSignal Signal { get; set; }

    public void Run(IReadOnlyList<Statement> statements)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        foreach (Statement statement in statements)
        {
            Charge(1, statement.Line);
            statement.Run(this);
            if (Signal != LoopSignal.None)
            {
                return;
            }
        }
    }

    public void Write(string text, int line)
    {
        Charge(text.Length, line);
        output.Append(text);
    }

    /// <summary>What <paramref name="statements"/> write, kept apart.</summary>
    public string Capture(IReadOnlyList<Statement> statements)
    {
        StringBuilder outer = output;
        output = new StringBuilder();
        Run(statements);
        string captured = output.ToString();
        output = outer;
        return captured;
    }

    /// <summary>What <paramref name="statements"/> write when they see <paramref name="visible"/>, the innermost last, and nothing of the place they are called from.</summary>
    public string Capture(IReadOnlyList<Statement> statements, List<Dictionary<string, object?>> visible, int line)
    {
        if (++callDepth > MaxCallDepth)
        {
            throw new TemplateProblem(line, $"macros call each other more than {MaxCallDepth} deep.");
        }

        Charge((long)visible.Count * ItemCost, line);
        List<Dictionary<string, object?>> outer = scopes;
        scopes = visible;
        string captured = Capture(statements);
        scopes = outer;
        callDepth--;
        return captured;
    }

    /// <summary>The scopes of this place, the innermost last. What is set in them later is seen too.</summary>
    public Dictionary<string, object?>[] VisibleScopes() => [.. scopes];

    public void Charge(long amount, int line)
    {
        work += amount;
        if (work > MaxWork)
        {
            throw new TemplateProblem(line, $"rendering takes more than {MaxWork} steps and characters.");
        }
    }

    public object? Get(string name)
    {
        for (int i = scopes.Count - 1; i >= 0; i--)
        {
            if (scopes[i].TryGetValue(name, out object? value))
            {
                return value;
            }
        }

        return Undefined.Value;
    }

    public void Set(string name, object? value) => scopes[^1][name] = value;

    /// <summary>What a loop sets is gone after each round, as in Jinja.</summary>
    public void EnterScope() => scopes.Add(new Dictionary<string, object?>(StringComparer.Ordinal));

    public void LeaveScope() => scopes.RemoveAt(scopes.Count - 1);
}
