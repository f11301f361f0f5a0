using LongWriter.Onnx.Tokenization.Patterns;
using LongWriter.Onnx.Tokenization.Splitting;

namespace LongWriter.Onnx.Tokenization.Files;

/// <summary>How text is cut into pieces before bytes are merged.</summary>
internal sealed record PreTokenization(IReadOnlyList<PieceSplitter> Splitters, int SplittersOfByteLevel, bool AddsPrefixSpace);

/// <summary>Reads "pre_tokenizer": splits in order, ending in ByteLevel.</summary>
internal static class PreTokenizerReader
{
    /// <summary>Sequences within sequences; published files have one.</summary>
    public const int MaxDepth = 8;

    private const int MaxSplitters = 32;

    public static PreTokenization Read(JsonPlace preTokenizer)
    {
        var splitters = new List<PieceSplitter>();
        JsonPlace? byteLevel = null;
        bool addsPrefixSpace = false;
        int splittersOfByteLevel = 0;
        Add(preTokenizer, 0);
        return byteLevel is not null
            ? new PreTokenization(splitters, splittersOfByteLevel, addsPrefixSpace)
            : throw preTokenizer.Error("ByteLevel as its last step (other families are not supported)");

        void Add(JsonPlace step, int depth)
        {
            if (step.IsNull)
            {
                throw step.Error("ByteLevel, or a Sequence that ends in it (other families are not supported)");
            }

            JsonPlace type = step["type"];
            string name = type.Text("a pre-tokenizer's type");
            if (name == "Sequence" && depth < MaxDepth)
            {
                foreach (JsonPlace item in step["pretokenizers"].Items())
                {
                    Add(item, depth + 1);
                }

                return;
            }

            if (byteLevel is { } before)
            {
                throw type.Error($"nothing after ByteLevel at {before.Place}");
            }

            if (splitters.Count == MaxSplitters)
            {
                throw step.Error($"at most {MaxSplitters} steps");
            }

            switch (name)
            {
                case "Split":
                    splitters.Add(ReadSplit(step));
                    break;
                case "Digits":
                    splitters.Add(new DigitSplitter(step["individual_digits"].Flag(false)));
                    break;
                case "ByteLevel":
                    byteLevel = step;
                    addsPrefixSpace = step["add_prefix_space"].Flag(true);
                    if (step["use_regex"].Flag(true))
                    {
                        splitters.Add(new Gpt2Splitter(maxDigits: int.MaxValue));
                        splittersOfByteLevel = 1;
                    }

                    break;
                default:
                    throw type.Error("Split, Digits, ByteLevel or Sequence");
            }
        }
    }

    private static PieceSplitter ReadSplit(JsonPlace split)
    {
        bool inverted = split["invert"].Flag(false);
        bool removes = split["behavior"].Text() switch
        {
            "Isolated" => false,
            "Removed" => true,
            _ => throw split["behavior"].Error("Isolated or Removed"),
        };
        JsonPlace pattern = split["pattern"];
        if (pattern["String"] is { IsNull: false } literal)
        {
            string text = literal.Text();
            return text.Length == 0
                ? throw literal.Error("a text of one character or more")
                : new LiteralSplitter(text, dropsMatches: removes && !inverted, dropsGaps: removes && inverted);
        }

        JsonPlace regex = pattern["Regex"];
        string source = regex.Text("a regular expression");

        // The known patterns match at every position, so there is never a gap to drop or to keep.
        if (!(removes && !inverted) && KnownPatterns.TryCreate(source) is { } known)
        {
            return known;
        }

        PatternProgram program;
        try
        {
            program = PatternCompiler.Compile(source);
        }
        catch (PatternException problem)
        {
            throw regex.Error("a pattern of this dialect", problem.Message);
        }

        return new PatternSplitter(program, $"{regex.File}: {regex.Place}", dropsMatches: removes && !inverted, dropsGaps: removes && inverted);
    }
}
