namespace LongWriter.Prompts;

/// <summary>Names of the prompts that a file can replace, and of the places they may hold.</summary>
public static class PromptNames
{
    /// <summary>Version of the prompts that ship with this library.</summary>
    public const string Version = "v1";

    /// <summary>Asks for the plan as lines: $INST$, $LENGTH$, $COUNT$ (how many paragraphs of middling size that is), $MIN$, $MAX$.</summary>
    public const string Plan = "plan";

    /// <summary>Asks for the plan as JSON: $INST$, $LENGTH$, $MIN$, $MAX$.</summary>
    public const string PlanJson = "plan-json";

    /// <summary>Says what was wrong with a plan: $PROBLEM$.</summary>
    public const string PlanRepair = "plan-repair";

    /// <summary>Asks for the rest of a plan that was cut: $STEP$ (its last line), $INDEX$, $WORDS$.</summary>
    public const string PlanContinue = "plan-continue";

    /// <summary>First turn of the conversation layout: $INST$, $PLAN$, $STEP$, $INDEX$, $POINT$, $WORDS$ (the step, and its parts).</summary>
    public const string Open = "open";

    /// <summary>Every later turn of the conversation layout: $STEP$, $INDEX$, $POINT$, $WORDS$.</summary>
    public const string Next = "next";

    /// <summary>The one message of the single-prompt layout, the paper's form: $INST$, $PLAN$, $TEXT$, $STEP$; also $INDEX$, $POINT$, $WORDS$.</summary>
    public const string SinglePrompt = "single";

    /// <summary>Asks for a document that fits one section: $INST$, $LENGTH$.</summary>
    public const string Whole = "whole";

    /// <summary>Asks for what is missing from a section: $WORDS$ (how much), $INDEX$, $POINT$.</summary>
    public const string Continue = "continue";

    /// <summary>Asks for an ending where a text ran past its room and its end was taken off: $WORDS$ (how much there is), $INDEX$, $POINT$.</summary>
    public const string Finish = "finish";

    /// <summary>Asks for a summary of text that no longer fits: $TEXT$, $WORDS$.</summary>
    public const string Summary = "summary";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Plan, PlanJson, PlanRepair, PlanContinue, Open, Next, SinglePrompt, Whole, Continue, Finish, Summary];

    /// <summary>The places that a prompt may hold, without their dollar signs.</summary>
    internal static IReadOnlyCollection<string> PlacesOf(string name) => name switch
    {
        Plan => ["INST", "LENGTH", "COUNT", "MIN", "MAX"],
        PlanJson => ["INST", "LENGTH", "MIN", "MAX"],
        PlanRepair => ["PROBLEM"],
        PlanContinue => ["STEP", "INDEX", "WORDS"],
        Open => ["INST", "PLAN", "STEP", "INDEX", "POINT", "WORDS"],
        Next => ["STEP", "INDEX", "POINT", "WORDS"],
        SinglePrompt => ["INST", "PLAN", "TEXT", "STEP", "INDEX", "POINT", "WORDS"],
        Whole => ["INST", "LENGTH"],
        Continue or Finish => ["WORDS", "INDEX", "POINT"],
        Summary => ["TEXT", "WORDS"],
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such prompt."),
    };
}
