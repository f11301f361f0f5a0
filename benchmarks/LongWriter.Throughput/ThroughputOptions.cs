using System.Globalization;
using LongWriter.Onnx.Export;

namespace LongWriter.Throughput;

/// <summary>What is measured. <see cref="Usage"/> has the command line.</summary>
internal sealed record ThroughputOptions
{
    public const string Usage =
        "Usage: --model FOLDER [--precision int8,int4,float32] [--contexts 128,512,1024,1900] [--rounds 5] [--tokens 64] [--threads N] [--cache FOLDER] [--json FILE]"
        + " [--batch 1,2,4,8 | --lookup 1 | --sections 20 | --llama FOLDER | --long 32768 | --soak MINUTES]";

    private static readonly string[] KnownPrecisions = ["int8", "int4", "float32"];

    /// <summary>A Hugging Face folder or an exported one.</summary>
    public string ModelFolder { get; private init; } = "";

    /// <summary>One or more of int8, int4, float32. The default is int8, the reproducible profile.</summary>
    public IReadOnlyList<string> Precisions { get; private init; } = ["int8"];

    /// <summary>Tokens of the prompts. From <see cref="ContextCase.TurnTokens"/> + 1 up.</summary>
    public IReadOnlyList<int> Contexts { get; private init; } = [128, 512, 1024, 1900];

    /// <summary>Times that everything is measured. From 1 up; the default is 5.</summary>
    public int Rounds { get; private init; } = 5;

    /// <summary>Inter-token times measured in one round. From 64 up, which is the default.</summary>
    public int NewTokens { get; private init; } = 64;

    /// <summary>Threads of one step. The default is one for each logical core.</summary>
    public int Threads { get; private init; } = Environment.ProcessorCount;

    /// <summary>Sequences decoded together, to compare; empty to measure one alone. From 1 to 64, the first is what the others are compared with.</summary>
    public IReadOnlyList<int> Batches { get; private init; } = [];

    /// <summary>Whether decoding with look-up is compared with decoding without.</summary>
    public bool IsLookup { get; private init; }

    /// <summary>Folder of llama.cpp's library to compare with; null for none.</summary>
    public string? LlamaFolder { get; private init; }

    /// <summary>Sections of a document to write in several ways; null for none.</summary>
    public int? Sections { get; private init; }

    /// <summary>Tokens of one sequence that is watched while it grows; null for none. From 1,024 up.</summary>
    public int? LongTokens { get; private init; }

    /// <summary>Minutes of a soak in place of a measurement; null for none.</summary>
    public int? SoakMinutes { get; private init; }

    /// <summary>Where exports are kept; null for the place where the chat client keeps them.</summary>
    public string? CacheFolder { get; private init; }

    /// <summary>Where the result goes as JSON; null for nowhere.</summary>
    public string? JsonPath { get; private init; }

    /// <exception cref="ArgumentException">Something is unknown, missing or out of range; the message has every reason.</exception>
    public static ThroughputOptions Parse(IReadOnlyList<string> args)
    {
        List<string> errors = [];
        var options = new ThroughputOptions();
        for (int i = 0; i < args.Count; i += 2)
        {
            if (i + 1 == args.Count)
            {
                errors.Add($"{args[i]} must be followed by a value but is the last argument.");
                break;
            }

            string value = args[i + 1];
            switch (args[i])
            {
                case "--model": options = options with { ModelFolder = value }; break;
                case "--precision": options = options with { Precisions = Names(value, errors) }; break;
                case "--contexts": options = options with { Contexts = [.. value.Split(',').Select(part => Number("--contexts", part, ContextCase.TurnTokens + 1, errors))] }; break;
                case "--rounds": options = options with { Rounds = Number("--rounds", value, 1, errors) }; break;
                case "--tokens": options = options with { NewTokens = Number("--tokens", value, 64, errors) }; break;
                case "--threads": options = options with { Threads = Number("--threads", value, 1, errors) }; break;
                case "--batch": options = options with { Batches = [.. value.Split(',').Select(part => Number("--batch", part, 1, errors, maximum: 64))] }; break;
                case "--lookup": options = options with { IsLookup = Number("--lookup", value, 0, errors, maximum: 1) == 1 }; break;
                case "--llama": options = options with { LlamaFolder = value }; break;
                case "--sections": options = options with { Sections = Number("--sections", value, 2, errors) }; break;
                case "--long": options = options with { LongTokens = Number("--long", value, 1024, errors) }; break;
                case "--soak": options = options with { SoakMinutes = Number("--soak", value, 1, errors) }; break;
                case "--cache": options = options with { CacheFolder = value }; break;
                case "--json": options = options with { JsonPath = value }; break;
                default: errors.Add($"'{args[i]}' is not an option."); break;
            }
        }

        if (options.ModelFolder.Length == 0)
        {
            errors.Add("--model must name a folder but is missing.");
        }

        return errors.Count == 0 ? options : throw new ArgumentException($"{string.Join(' ', errors)}{Environment.NewLine}{Usage}");
    }

    /// <summary>float32 is float32 throughout, the reference; the others are quantized in blocks of 32 with int8 keys and values.</summary>
    public static ExportOptions ExportFor(string precision) => precision switch
    {
        "int8" => ExportOptions.Reproducible,
        "int4" => ExportOptions.Reproducible with { Weights = WeightPrecision.Int4 },
        _ => new ExportOptions { Weights = WeightPrecision.Float32, Kv = KvPrecision.Float32 },
    };

    private static string[] Names(string value, List<string> errors)
    {
        string[] names = [.. value.Split(',').Distinct()];
        foreach (string name in names.Where(name => !KnownPrecisions.Contains(name)))
        {
            errors.Add($"--precision must be {string.Join(", ", KnownPrecisions)} but is '{name}'.");
        }

        return names;
    }

    private static int Number(string option, string value, int minimum, List<string> errors, int maximum = int.MaxValue)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= minimum && number <= maximum)
        {
            return number;
        }

        errors.Add(maximum == int.MaxValue ? $"{option} must be {minimum} or more but is '{value}'." : $"{option} must be in [{minimum}, {maximum}] but is '{value}'.");
        return minimum;
    }
}
