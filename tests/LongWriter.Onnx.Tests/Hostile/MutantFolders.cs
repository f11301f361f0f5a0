using System.Text.Json.Nodes;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Tests.Model;

namespace LongWriter.Onnx.Tests.Hostile;

/// <summary>A small sound model in both forms, and copies of it.</summary>
internal static class MutantFolders
{
    public const string Source = "source";
    public const string Export = "export";

    /// <summary>Two shards with an index, a tokenizer of 453 tokens, a template; and its export.</summary>
    public static void WriteOriginals(string root)
    {
        string source = Path.Combine(root, Source);
        JsonObject config = RandomLlama.Config();
        config["vocab_size"] = 460;
        config["max_position_embeddings"] = 96;
        config["intermediate_size"] = 64;
        RandomLlama.Write(source, config, seed: 31, shards: 2);
        File.WriteAllText(Path.Combine(source, "tokenizer.json"), GoldenFiles.Read("tokenizer", "tokenizers", "digits.json").ToJsonString());
        File.WriteAllText(
            Path.Combine(source, "tokenizer_config.json"),
            """{"eos_token":"<|im_end|>","chat_template":"{% for m in messages %}{{ m['role'] + m['content'] }}{% endfor %}{% if add_generation_prompt %}>{% endif %}"}""");
        File.WriteAllText(Path.Combine(source, "generation_config.json"), """{"do_sample":false,"temperature":0.5,"top_k":3,"eos_token_id":[1,2]}""");
        ModelExporter.Export(source, Path.Combine(root, Export), new ExportOptions { Weights = WeightPrecision.Int4 });
    }

    public static void Copy(string from, string to)
    {
        if (Directory.Exists(to))
        {
            Directory.Delete(to, recursive: true);
        }

        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
