using System.Globalization;
using LongWriter.Onnx.Export;

namespace LongWriter.Throughput;

/// <summary>What is measured. <see cref="Usage"/> has the command line.</summary>
internal sealed record ThroughputOptions
{
    public const string Usage =
        "Usage: --model FOLDER [--precision int8,int4,float32] [--profile reproducible|fast] [--contexts 128,512,1024,1900] [--prefill 512,2048] [--rounds 5] [--tokens 64]"
        + " [--threads N] [--cache FOLDER] [--json FILE] [--llama FOLDER] [--transformers FOLDER] [--batch 1,2,4,8 | --lookup 1 | --draft FOLDER | --sections 20 [--section-tokens 750] [--ways conversation,paper,paper-kept] [--peer-ways ...] | --load 1 | --phases 1 | --long 32768 | --soak MINUTES], or --bandwidth MIB";

    private static readonly string[] KnownPrecisions = ["int8", "int4", "float32"];

    /// <summary>A Hugging Face folder or an exported one.</summary>
    public string ModelFolder { get; private init; } = "";

    /// <summary>One or more of int8, int4, float32. The default is int8, the reproducible profile.</summary>
    public IReadOnlyList<string> Precisions { get; private init; } = ["int8"];

    /// <summary>Of int8 and int4: reproducible or fast. Null, the default, is fast where other engines are compared, and else reproducible.</summary>
    public string? Profile { get; private init; }

    /// <summary>Tokens of the prompts. From <see cref="ContextCase.TurnTokens"/> + 1 up.</summary>
    public IReadOnlyList<int> Contexts { get; private init; } = [128, 512, 1024, 1900];

    /// <summary>Tokens of the prompts whose reading is compared with other engines'; empty for <see cref="Contexts"/>.</summary>
    public IReadOnlyList<int> Prefill { get; private init; } = [];

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

    /// <summary>A smaller model of the same vocabulary whose drafts are measured; null for none.</summary>
    public string? DraftFolder { get; private init; }

    /// <summary>Whether loading is measured.</summary>
    public bool IsLoad { get; private init; }

    /// <summary>Whether a step is taken apart.</summary>
    public bool IsPhases { get; private init; }

    /// <summary>Folder of llama.cpp's library to compare with; null for none.</summary>
    public string? LlamaFolder { get; private init; }

    /// <summary>Folder of the package that drives transformers.js, its dependencies installed; null for none.</summary>
    public string? TransformersFolder { get; private init; }

    /// <summary>Whether other engines are measured beside ours.</summary>
    public bool HasPeers => LlamaFolder is not null || TransformersFolder is not null;

    /// <summary>Tokens of a section. The default is 500 words, as the embedded model's tokenizer cuts English.</summary>
    public int SectionTokens { get; private init; } = 750;

    /// <summary>Ways in which our engine writes a document, by <see cref="DocumentWay.Key"/>.</summary>
    public IReadOnlyList<string> Ways { get; private init; } = DocumentWay.Keys;

    /// <summary>The same of the other engines.</summary>
    public IReadOnlyList<string> PeerWays { get; private init; } = DocumentWay.Keys;

    /// <summary>MiB of memory to read, in place of running a model; null for none.</summary>
    public int? BandwidthMebibytes { get; private init; }

    /// <summary>As they were given.</summary>
    public IReadOnlyList<string> Arguments { get; private init; } = [];

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
        var options = new ThroughputOptions { Arguments = args };
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
                case "--prefill": options = options with { Prefill = [.. value.Split(',').Select(part => Number("--prefill", part, 2, errors))] }; break;
                case "--profile": options = options with { Profile = OneOf("--profile", value, ["reproducible", "fast"], errors) }; break;
                case "--rounds": options = options with { Rounds = Number("--rounds", value, 1, errors) }; break;
                case "--tokens": options = options with { NewTokens = Number("--tokens", value, 64, errors) }; break;
                case "--threads": options = options with { Threads = Number("--threads", value, 1, errors) }; break;
                case "--batch": options = options with { Batches = [.. value.Split(',').Select(part => Number("--batch", part, 1, errors, maximum: 64))] }; break;
                case "--lookup": options = options with { IsLookup = Number("--lookup", value, 0, errors, maximum: 1) == 1 }; break;
                case "--draft": options = options with { DraftFolder = value }; break;
                case "--load": options = options with { IsLoad = Number("--load", value, 0, errors, maximum: 1) == 1 }; break;
                case "--phases": options = options with { IsPhases = Number("--phases", value, 0, errors, maximum: 1) == 1 }; break;
                case "--llama": options = options with { LlamaFolder = value }; break;
                case "--transformers": options = options with { TransformersFolder = value }; break;
                case "--section-tokens": options = options with { SectionTokens = Number("--section-tokens", value, 2, errors) }; break;
                case "--bandwidth": options = options with { BandwidthMebibytes = Number("--bandwidth", value, 64, errors, maximum: 65536) }; break;
                case "--sections": options = options with { Sections = Number("--sections", value, 2, errors) }; break;
                case "--ways": options = options with { Ways = [.. value.Split(',').Select(part => OneOf("--ways", part, DocumentWay.Keys, errors))] }; break;
                case "--peer-ways": options = options with { PeerWays = [.. value.Split(',').Select(part => OneOf("--peer-ways", part, DocumentWay.Keys, errors))] }; break;
                case "--long": options = options with { LongTokens = Number("--long", value, 1024, errors) }; break;
                case "--soak": options = options with { SoakMinutes = Number("--soak", value, 1, errors) }; break;
                case "--cache": options = options with { CacheFolder = value }; break;
                case "--json": options = options with { JsonPath = value }; break;
                default: errors.Add($"'{args[i]}' is not an option."); break;
            }
        }

        if (options.ModelFolder.Length == 0 && options.BandwidthMebibytes is null)
        {
            errors.Add("--model must name a folder but is missing.");
        }

        options.CollectConflicts(errors);
        return errors.Count == 0 ? options : throw new ArgumentException($"{string.Join(' ', errors)}{Environment.NewLine}{Usage}");
    }

    /// <summary>Positions that contexts and what is written behind them need.</summary>
    /// <exception cref="ArgumentException">The model has fewer.</exception>
    public int ContextTokensOf(int maxPositions)
    {
        int most = Contexts.Max() + NewTokens;
        return most < maxPositions ? most + 1 : throw new ArgumentException($"--contexts and --tokens must sum to at most {maxPositions - 1} but sum to {most}.");
    }

    /// <summary>What is taken is honoured: other engines take part in some measurements alone.</summary>
    private void CollectConflicts(List<string> errors)
    {
        if (HasPeers && Precisions.Contains("float32"))
        {
            errors.Add("--precision must be int8 or int4 where other engines are compared but is float32.");
        }

        if (!Ways.Contains(DocumentWay.Conversation.Key))
        {
            errors.Add($"--ways must hold {DocumentWay.Conversation.Key}, to which the others are compared, but is {string.Join(',', Ways)}.");
        }

        if (HasPeers && (IsLookup || DraftFolder is not null || IsLoad || IsPhases || SoakMinutes is not null))
        {
            errors.Add("--llama and --transformers have no part in --lookup, --draft, --load, --phases and --soak.");
        }

        if (TransformersFolder is not null && (Sections is not null || Batches.Count > 0))
        {
            errors.Add("--transformers has no part in --sections and --batch, as its generate keeps nothing and is given one text.");
        }

        if (Prefill.Count > 0 && !HasPeers)
        {
            errors.Add("--prefill must stand with --llama or --transformers.");
        }
    }

    /// <summary>float32 is float32 throughout, the reference; the others are quantized with int8 keys and values, in blocks of 32 or, in the fast profile, of 128.</summary>
    public ExportOptions ExportFor(string precision)
    {
        bool isFast = (Profile ?? (HasPeers ? "fast" : "reproducible")) == "fast";
        return precision switch
        {
            "int8" => (isFast ? ExportOptions.Fast : ExportOptions.Reproducible) with { Weights = WeightPrecision.Int8 },
            "int4" => (isFast ? ExportOptions.Fast : ExportOptions.Reproducible) with { Weights = WeightPrecision.Int4 },
            _ => new ExportOptions { Weights = WeightPrecision.Float32, Kv = KvPrecision.Float32 },
        };
    }

    private static string[] Names(string value, List<string> errors)
    {
        string[] names = [.. value.Split(',').Distinct()];
        foreach (string name in names.Where(name => !KnownPrecisions.Contains(name)))
        {
            errors.Add($"--precision must be {string.Join(", ", KnownPrecisions)} but is '{name}'.");
        }

        return names;
    }

    private static string OneOf(string option, string value, IReadOnlyList<string> known, List<string> errors)
    {
        if (!known.Contains(value))
        {
            errors.Add($"{option} must be {string.Join(" or ", known)} but is '{value}'.");
        }

        return value;
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
