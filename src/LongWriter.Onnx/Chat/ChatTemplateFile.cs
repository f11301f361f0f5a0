using System.Text.Json;
using LongWriter.Onnx.Chat.Templates;
using LongWriter.Onnx.Model;

namespace LongWriter.Onnx.Chat;

/// <summary>A model's chat template and the special tokens that it may name.</summary>
/// <param name="Template">The template.</param>
/// <param name="Variables">bos_token, eos_token and the like, those that the model has.</param>
internal sealed record ChatTemplateFile(ChatTemplate Template, IReadOnlyDictionary<string, object?> Variables)
{
    private const string ConfigName = "tokenizer_config.json";
    private const string TemplateName = "chat_template.jinja";

    /// <summary>ChatML, for models that bring no template: what most small chat models are trained with.</summary>
    internal const string ChatML =
        "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    private static readonly string[] TokenNames = ["bos_token", "eos_token", "unk_token", "pad_token", "sep_token", "cls_token"];

    /// <summary>Reads chat_template.jinja, else chat_template of tokenizer_config.json, else takes ChatML.</summary>
    /// <exception cref="ModelFormatException">A file is damaged.</exception>
    /// <exception cref="ChatTemplateException">The template uses what is not supported.</exception>
    public static ChatTemplateFile Load(string folder)
    {
        string config = Path.Combine(folder, ConfigName);
        (string? inConfig, Dictionary<string, object?> variables) = File.Exists(config)
            ? ModelJson.Read(ConfigName, File.ReadAllBytes(config), ReadConfig)
            : (null, []);
        string own = Path.Combine(folder, TemplateName);
        ChatTemplate template = File.Exists(own) ? ChatTemplate.Parse(File.ReadAllText(own), TemplateName)
            : inConfig is not null ? ChatTemplate.Parse(inConfig, $"{ConfigName}: chat_template")
            : ChatTemplate.Parse(ChatML, "ChatML");
        return new ChatTemplateFile(template, variables);
    }

    private static (string? Template, Dictionary<string, object?> Variables) ReadConfig(JsonElement root)
    {
        Dictionary<string, object?> variables = [];
        foreach (string name in TokenNames)
        {
            if (root.TryGetProperty(name, out JsonElement token) && TokenText(token) is { } text)
            {
                variables[name] = text;
            }
        }

        return (root.TryGetProperty("chat_template", out JsonElement template) ? TemplateText(template) : null, variables);
    }

    /// <summary>A token is its text, or an object that has it as "content".</summary>
    private static string? TokenText(JsonElement token) => token.ValueKind switch
    {
        JsonValueKind.String => token.GetString(),
        JsonValueKind.Object when token.TryGetProperty("content", out JsonElement content) && content.ValueKind == JsonValueKind.String => content.GetString(),
        _ => null,
    };

    /// <summary>One template, or a list of named ones of which "default" is meant.</summary>
    private static string? TemplateText(JsonElement template)
    {
        switch (template.ValueKind)
        {
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.String:
                return template.GetString();
            case JsonValueKind.Array:
                foreach (JsonElement item in template.EnumerateArray())
                {
                    if (item.ValueKind == JsonValueKind.Object && Text(item, "name") == "default" && Text(item, "template") is { } source)
                    {
                        return source;
                    }
                }

                break;
        }

        throw new ModelFormatException($"{ConfigName}: chat_template: expected a text, a list with one named 'default', or null, found {template.ValueKind}.");
    }

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
