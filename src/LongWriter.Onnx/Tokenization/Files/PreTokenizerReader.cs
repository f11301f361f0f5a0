using LongWriter.Onnx.Tokenization.Splitting;

namespace LongWriter.Onnx.Tokenization.Files;

/// <summary>How text is cut into pieces before symbols are merged.</summary>
/// <param name="Splitters">The cuts, in order.</param>
/// <param name="IsByteLevel">True when the symbols of pieces are bytes, false when they are characters.</param>
/// <param name="SplittersOfByteLevel">How many of the last splitters belong to ByteLevel.</param>
/// <param name="AddsPrefixSpace">True when ByteLevel puts a space before pieces that have none.</param>
internal sealed record PreTokenization(IReadOnlyList<PieceSplitter> Splitters, bool IsByteLevel, int SplittersOfByteLevel, bool AddsPrefixSpace);

/// <summary>Reads "pre_tokenizer": splits in order, maybe ending in ByteLevel; or null, when a text is one piece.</summary>
internal static class PreTokenizerReader
{
    /// <summary>Sequences within sequences; published files have one.</summary>
    public const int MaxDepth = 8;

    private const int MaxSplitters = 32;

    /// <param name="preTokenizer">The place to read.</param>
    /// <param name="normalizerPrepends">True when the normalizer writes something before texts.</param>
    public static PreTokenization Read(JsonPlace preTokenizer, bool normalizerPrepends)
    {
        var splitters = new List<PieceSplitter>();
        JsonPlace? byteLevel = null;
        bool addsPrefixSpace = false;
        int splittersOfByteLevel = 0;
        if (!preTokenizer.IsNull)
        {
            Add(preTokenizer, 0);
        }

        return new PreTokenization(splitters, byteLevel is not null, splittersOfByteLevel, addsPrefixSpace);

        void Add(JsonPlace step, int depth)
        {
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
                    splitters.Add(SplitReader.Read(step));
                    break;
                case "Digits":
                    splitters.Add(new DigitSplitter(step["individual_digits"].Flag(false)));
                    break;
                case "Metaspace":
                    splitters.Add(ReadMetaspace(step));
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
                    throw type.Error("Split, Digits, Metaspace, ByteLevel or Sequence");
            }
        }

        MetaspaceSplitter ReadMetaspace(JsonPlace step)
        {
            Metaspace metaspace = MetaspaceReader.Read(step);

            // A text written before the first character stands at its place, so more than one piece may be the first.
            return metaspace.Scheme == PrependScheme.First && normalizerPrepends
                ? throw step["prepend_scheme"].Error("always or never, as the normalizer prepends too")
                : new MetaspaceSplitter(metaspace);
        }
    }
}
