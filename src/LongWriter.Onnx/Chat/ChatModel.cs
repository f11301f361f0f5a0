using LongWriter.Onnx.Model;
using LongWriter.Onnx.Tokenization;

namespace LongWriter.Onnx.Chat;

/// <summary>All that a model folder says about text: tokenizer, template, recommended sampling.</summary>
internal sealed record ChatModel
{
    /// <summary>What the model is called.</summary>
    public required string Name { get; init; }

    public required Tokenizer Tokenizer { get; init; }

    public required ChatTemplateFile Template { get; init; }

    public required GenerationConfig Generation { get; init; }

    /// <summary>Reads tokenizer.json, the template and generation_config.json.</summary>
    /// <exception cref="ModelFormatException">There is no tokenizer.json, or a file is damaged.</exception>
    public static ChatModel Load(string folder, string name) => new()
    {
        Name = name,
        Tokenizer = Tokenizer.Load(Require(folder, "tokenizer.json")),
        Template = ChatTemplateFile.Load(folder),
        Generation = GenerationConfig.Load(folder),
    };

    /// <summary>
    /// Tokens that end a reply: what the weights' configuration names, what generation_config.json names, and the tokenizer's eos_token.
    /// Models that were tuned for chat often name their end of turn in one of the three only.
    /// </summary>
    /// <param name="engineEnds">What the weights' configuration names.</param>
    /// <param name="vocabSize">Ids that the engine has; others cannot occur.</param>
    public IReadOnlyList<int> EndTokenIds(IEnumerable<int> engineEnds, int vocabSize)
    {
        List<int> ends = [.. engineEnds, .. Generation.EosTokenIds];
        if (Template.Variables.GetValueOrDefault("eos_token") is string eos && Tokenizer.TryGetId(eos, out int id))
        {
            ends.Add(id);
        }

        return [.. ends.Where(end => (uint)end < (uint)vocabSize).Distinct().Order()];
    }

    private static string Require(string folder, string file)
    {
        string path = Path.Combine(folder, file);
        return File.Exists(path) ? path : throw new ModelFormatException($"{file}: expected in '{folder}', found none.");
    }
}
