namespace LongWriter.Onnx.Chat.Templates;

/// <summary>A model's chat template: the part of Jinja that such templates use, rendered as transformers does (trim_blocks and lstrip_blocks on).</summary>
/// <remarks>
/// Everything else is refused by name. A template is data from somewhere: it can read what it is given and write text, within a
/// bound of work, and nothing else. Safe for concurrent use.
/// </remarks>
public sealed class ChatTemplate
{
    private readonly string name;
    private readonly IReadOnlyList<Statement> body;

    private ChatTemplate(string name, IReadOnlyList<Statement> body)
    {
        this.name = name;
        this.body = body;
    }

    /// <summary>Reads a template.</summary>
    /// <param name="source">The template's text.</param>
    /// <param name="name">What error messages call it, such as tokenizer_config.json.</param>
    /// <returns>The template.</returns>
    /// <exception cref="ChatTemplateException">The text is no template, or uses a construct that is not supported; the message names both.</exception>
    public static ChatTemplate Parse(string source, string name)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(name);
        try
        {
            return new ChatTemplate(name, new StatementParser(TemplateLexer.Read(source)).ReadTemplate());
        }
        catch (TemplateProblem problem)
        {
            throw Named(name, problem);
        }
    }

    /// <summary>Renders a conversation.</summary>
    /// <param name="messages">The messages, oldest first.</param>
    /// <param name="addGenerationPrompt">True when the text shall end where the assistant's next message begins.</param>
    /// <param name="variables">
    /// More variables, such as bos_token, eos_token, tools or enable_thinking: null, bool, int, long, double, string, lists,
    /// dictionaries with string keys, or JsonElement. They take precedence.
    /// </param>
    /// <param name="timeProvider">The clock of strftime_now; the system's when null.</param>
    /// <returns>The text to tokenize with special tokens parsed.</returns>
    /// <exception cref="ChatTemplateException">The template fails on this conversation, refuses it, or does more work than is allowed.</exception>
    /// <exception cref="ArgumentException">A variable has a type that templates do not have.</exception>
    public string Render(
        IEnumerable<ChatTemplateMessage> messages,
        bool addGenerationPrompt,
        IReadOnlyDictionary<string, object?>? variables = null,
        TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var list = new TemplateList();
        foreach (ChatTemplateMessage message in messages)
        {
            list.Add(new TemplateMap { ["role"] = message.Role, ["content"] = message.Content });
        }

        var context = new RenderContext();
        TemplateFunctions.AddTo(context, timeProvider ?? TimeProvider.System);
        context.Set("messages", list);
        context.Set("add_generation_prompt", addGenerationPrompt);
        foreach ((string variable, object? value) in variables ?? new Dictionary<string, object?>())
        {
            context.Set(variable, TemplateValue.FromObject(value, variable));
        }

        try
        {
            context.Run(body);
        }
        catch (TemplateProblem problem)
        {
            throw Named(name, problem);
        }
        catch (InsufficientExecutionStackException)
        {
            throw new ChatTemplateException($"{name}: line 1: the template builds values nested too deeply.", 1);
        }

        return context.Output;
    }

    private static ChatTemplateException Named(string name, TemplateProblem problem)
        => new($"{name}: line {problem.Line}: {problem.Message}", problem.Line);
}
