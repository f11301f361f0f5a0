namespace LongWriter.Prompts;

/// <summary>How much the prompts explain.</summary>
public enum PromptStyle
{
    /// <summary>Rules and examples, for models that follow instructions.</summary>
    Full,

    /// <summary>A line each, in the forms that models of this project are trained on. English; Chinese documents get the full prompts.</summary>
    Brief,
}
